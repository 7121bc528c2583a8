package io.ossmount.cache.fs;

import java.time.Instant;

/** A directory in use. Thread-safe. */
final class DirectoryInode extends Inode {
  private Posix posix;
  private Instant modified;
  private boolean marked;
  private boolean attributesPending;
  private long generation;

  DirectoryInode(MountTree tree, String key, Posix posix, Instant modified) {
    super(tree, key);
    this.posix = posix;
    this.modified = modified;
  }

  @Override
  boolean isSameAs(Inode other) {
    return other instanceof DirectoryInode;
  }

  synchronized Posix posix() {
    return posix;
  }

  /** {@code st_mtime}: what was set, else when it was changed here, else when it was first seen. */
  synchronized Instant modified() {
    return posix.modified().orElse(modified);
  }

  synchronized void setPosix(Posix newPosix) {
    posix = newPosix;
    changed();
  }

  /** Something was made in it or removed from it. */
  synchronized void childrenChanged(Instant now) {
    modified = now;
    posix = posix.withModified(java.util.Optional.empty());
    generation++;
    changed();
  }

  /** Grows when its children change here. */
  synchronized long generation() {
    return generation;
  }

  /** Whether its marker object is known to be there. */
  synchronized boolean isMarked() {
    return marked;
  }

  synchronized void setMarked(boolean isMarked) {
    marked = isMarked;
  }

  /** Its attributes are saved. */
  synchronized void saved() {
    marked = true;
    changed();
  }

  /** Remembers that attributes are to be saved; true when none were yet. */
  synchronized boolean startPending() {
    boolean first = !attributesPending;
    attributesPending = true;
    changed();
    return first;
  }

  synchronized boolean isPending() {
    return attributesPending;
  }

  /** Whether attributes were to be saved; they no longer are. */
  synchronized boolean takePending() {
    boolean pending = attributesPending;
    attributesPending = false;
    return pending;
  }
}
