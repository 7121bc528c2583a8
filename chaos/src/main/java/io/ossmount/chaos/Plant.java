package io.ossmount.chaos;

/** Errors that are made on purpose, to see that they are found. */
enum Plant {
  /** A byte of an object that was acknowledged is another one. */
  LOST_WRITE,
  /** A multipart upload is begun and not ended. */
  UPLOAD,
  /** A file stays in the staging directory. */
  STAGING,
  /** A directory is mounted once more; on processes. */
  MOUNT,
  /** A process has a deleted file of the cache's disk open; on processes. */
  DESCRIPTOR
}
