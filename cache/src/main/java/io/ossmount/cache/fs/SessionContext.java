package io.ossmount.cache.fs;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.serve.Processes;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.time.Duration;

/**
 * What the requests of one session share. Thread-safe.
 *
 * @param mount whose trees the session sees
 * @param processes that use it
 */
record SessionContext(
    MountShared mount,
    View view,
    NodeTable nodes,
    HandleTable handles,
    PassthroughOpens passthrough,
    UncachedReads uncached,
    Processes processes,
    SessionFileSystem session) {
  DirectoryInode directory(long node) {
    return switch (nodes.node(node).inode()) {
      case DirectoryInode directory -> directory;
      case FileInode _ -> throw new FuseException(Errno.ENOTDIR);
    };
  }

  FileInode file(long node) {
    return switch (nodes.node(node).inode()) {
      case FileInode file -> file;
      case DirectoryInode _ -> throw new FuseException(Errno.EISDIR);
    };
  }

  /** Whether close(2) returns when what was written is durable here. */
  boolean isAsync() {
    return view.modes().write() == WriteMode.ASYNC;
  }

  /** Whether what is read and written is not kept in the cache. */
  boolean isUncached() {
    return view.modes().read() == ReadMode.NONE;
  }

  /** Tells the kernels of the other sessions that names have changed. */
  void namesChanged() {
    mount.namesChanged(session);
  }

  /** Tells the kernels of the other sessions that an inode has changed. */
  void inodeChanged(Inode inode) {
    mount.inodeChanged(session, inode);
  }

  /** Answers a lookup: counts it; takes over the caller's reference. */
  Entry entry(Inode inode, Duration validity) {
    Node node = nodes.lookedUpByName(inode);
    return new Entry(node.id(), validity, view.of(inode));
  }

  /** The same for an entry of a listing, which nobody has asked for by itself. */
  Entry listed(Inode inode, Duration validity) {
    Node node = nodes.lookedUp(inode);
    return new Entry(node.id(), validity, view.of(inode));
  }

  /** The same for what was made just now. */
  Entry entry(Inode inode) {
    return entry(inode, inode.tree().options().attributeTimeout());
  }
}
