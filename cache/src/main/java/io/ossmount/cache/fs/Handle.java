package io.ossmount.cache.fs;

/** What an open descriptor of a session means. */
sealed interface Handle {
  /** The inode, which the handle references. */
  Inode inode();

  /** The node that was opened. */
  Node node();

  /**
   * A file.
   *
   * @param writing whether it may be written to
   * @param append whether writes go to the end, wherever that is then
   */
  record OfFile(FileInode inode, boolean writing, boolean append, Node node) implements Handle {}

  /** A directory. */
  record OfDirectory(DirectoryInode inode, DirectoryStream stream, Node node) implements Handle {}
}
