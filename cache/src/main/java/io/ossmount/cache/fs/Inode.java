package io.ossmount.cache.fs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file or directory that somebody uses: a session's node, an open handle, an upload. Sessions
 * share it. While it is in the {@link MountTree} there is no other one with its key.
 */
abstract sealed class Inode permits DirectoryInode, FileInode {
  private final MountTree tree;
  private volatile String key;
  private volatile boolean detached;
  private int references;

  @GuardedBy("this")
  private List<Observer> observers = List.of();

  /** Is told that an inode has changed, within its monitor. */
  interface Observer {
    void inodeChanged();
  }

  Inode(MountTree tree, String key) {
    this.tree = tree;
    this.key = key;
  }

  /** The tree that its key is of. */
  final MountTree tree() {
    return tree;
  }

  /** One more use, by who has one. */
  final void retain() {
    tree.retain(this);
  }

  /** One use less. */
  final void release() {
    tree.release(this);
  }

  /** Where the object is, or would be. A rename changes it. */
  String key() {
    return key;
  }

  /** Only by the tree, under its lock. */
  void move(String newKey) {
    key = newKey;
    changed();
  }

  /** Whether its name now means something else, or nothing; it lives on for those who have it. */
  boolean isDetached() {
    return detached;
  }

  /** Only by the tree, under its lock. */
  void detach() {
    detached = true;
    changed();
  }

  /** Tells the observers that something has changed that outlives the process. */
  final synchronized void changed() {
    for (Observer observer : observers) {
      observer.inodeChanged();
    }
  }

  final synchronized void observe(Observer observer) {
    observers = Stream.concat(observers.stream(), Stream.of(observer)).toList();
  }

  final synchronized void ignore(Observer observer) {
    observers = observers.stream().filter(other -> !other.equals(observer)).toList();
  }

  /** Whether it shows the same as another one of the same key. */
  abstract boolean isSameAs(Inode other);

  /** Only by the tree, under its lock. */
  int reference(int change) {
    references += change;
    return references;
  }

  /** {@code st_ino}. */
  long number() {
    return Keys.inodeNumber(tree.id(), key);
  }
}
