package io.ossmount.cache.fs;

/**
 * A file or directory that somebody uses: a session's node, an open handle, an upload. Sessions
 * share it. While it is in the {@link MountTree} there is no other one with its key.
 */
abstract sealed class Inode permits DirectoryInode, FileInode {
  private volatile String key;
  private volatile boolean detached;
  private int references;

  Inode(String key) {
    this.key = key;
  }

  /** Where the object is, or would be. A rename changes it. */
  String key() {
    return key;
  }

  /** Only by the tree, under its lock. */
  void move(String newKey) {
    key = newKey;
  }

  /** Whether its name now means something else, or nothing; it lives on for those who have it. */
  boolean isDetached() {
    return detached;
  }

  /** Only by the tree, under its lock. */
  void detach() {
    detached = true;
  }

  /** Only by the tree, under its lock. */
  int reference(int change) {
    references += change;
    return references;
  }

  /** {@code st_ino}. */
  long number() {
    return Keys.inodeNumber(key);
  }
}
