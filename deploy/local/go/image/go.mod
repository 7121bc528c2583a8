module ossmount.io/local/image

go 1.26
