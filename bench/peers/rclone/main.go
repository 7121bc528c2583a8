// Command rclone is rclone with what the benchmarks need of it, the S3 backend and the mount: building all
// of its backends would take several times as long. (Its cache is kept by the local one.) Nothing else differs
// from the program of rclone itself.
package main

import (
	_ "github.com/rclone/rclone/backend/local"
	_ "github.com/rclone/rclone/backend/s3"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/mount"
	_ "github.com/rclone/rclone/cmd/version"
)

func main() {
	cmd.Main()
}
