package io.ossmount.cache.fs;

/** What an open descriptor of a session means. */
sealed interface Handle {
  /** The inode, which the handle references. */
  Inode inode();

  /**
   * A file.
   *
   * @param writing whether it may be written to
   * @param append whether writes go to the end, wherever that is then
   */
  record OfFile(FileInode inode, boolean writing, boolean append) implements Handle {}

  /** A directory. */
  record OfDirectory(DirectoryInode inode, DirectoryStream stream) implements Handle {}
}
