package io.ossmount.bench;

/** Who does a piece of work: a column of the table. */
enum Side {
  OSSMOUNT("OssMount", false),
  LOCAL("local disk", false),
  RAW("raw SDK", false),
  S3FS("s3fs", true),
  RCLONE("rclone", true);

  private final String title;
  private final boolean isPeer;

  Side(String title, boolean isPeer) {
    this.title = title;
    this.isPeer = isPeer;
  }

  String title() {
    return title;
  }

  /** Whether it is another program that mounts buckets. */
  boolean isPeer() {
    return isPeer;
  }
}
