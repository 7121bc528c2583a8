module ossmount.io/local/pause

go 1.26
