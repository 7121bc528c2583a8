package io.ossmount.fuse;

import java.lang.foreign.MemorySegment;

/**
 * A file system, as the FUSE kernel module asks for it: by node ids, not by paths.
 *
 * <p>Node id {@value #ROOT} is the root. Every other id was given out by {@link #lookup}, {@link
 * #mkdir}, {@link #symlink}, {@link #create} or a directory listing, each of which counts as one
 * lookup of that id until {@link #forget} takes it back. An id is never given to another file.
 *
 * <p>Each method either answers at once ({@link Outcome#of}) or hands back the work that has to
 * wait ({@link Outcome#later}), which the session runs on a virtual thread. A method itself must
 * not wait for a network or for another request: it runs on one of the few threads that read from
 * the kernel. Errors are {@link FuseException}s, thrown by the method or by its work; any other
 * throwable becomes EIO.
 *
 * <p>Implementations are thread-safe. Operations that are not overridden answer ENOSYS, which makes
 * the kernel stop asking.
 *
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/fuse/fuse.html">FUSE in the
 *     kernel's documentation</a>
 */
public interface FileSystem {
  /** Node id of the root: FUSE_ROOT_ID of {@code linux/fuse.h}. */
  long ROOT = 1;

  /** Stands for "no handle" where the kernel passes none. */
  long NO_HANDLE = -1;

  /**
   * Finds a name in a directory.
   *
   * @return the entry; {@link Entry#isNegative()} when the absence may be cached
   */
  default Outcome<Entry> lookup(Caller caller, long parent, String name) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Takes back {@code lookups} lookups of the node. No answer is sent. Never waits. */
  default void forget(long node, long lookups) {}

  /**
   * Attributes of a node; {@code handle} is the open file it was asked through, or {@link
   * #NO_HANDLE}.
   */
  default Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Changes those attributes that are present in {@code changes}; answers all of them. */
  default Outcome<Attributes> setattr(Caller caller, long node, SetAttributes changes) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Target of a symbolic link. */
  default Outcome<String> readlink(Caller caller, long node) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Makes the symbolic link {@code parent/name} that points to {@code target}. */
  default Outcome<Entry> symlink(Caller caller, long parent, String name, String target) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Makes a directory; {@code mode} has the umask applied. */
  default Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Removes a file; open handles of it go on working. */
  default Outcome<Done> unlink(Caller caller, long parent, String name) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Removes an empty directory. */
  default Outcome<Done> rmdir(Caller caller, long parent, String name) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Moves {@code parent/name} to {@code newParent/newName}; {@code flags} as in renameat2(2). */
  default Outcome<Done> rename(
      Caller caller, long parent, String name, long newParent, String newName, int flags) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Opens a file; {@code flags} as in open(2), O_TRUNC included (ATOMIC_O_TRUNC is negotiated). */
  default Outcome<Opened> open(Caller caller, long node, int flags) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Makes and opens a file. */
  default Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * Reads up to {@code into.byteSize()} bytes at {@code offset}.
   *
   * @return the number of bytes put into {@code into}, fewer than asked for only at the end of the
   *     file. With {@link Outcome#later} the segment stays valid until the work has ended.
   */
  default Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * Writes all of {@code from} at {@code offset} (with O_APPEND: at the end of the file). {@code
   * from} is the kernel's request in shared memory: valid until the method or its work has ended.
   *
   * @return the number of bytes written
   */
  default Outcome<Integer> write(
      Caller caller, long node, long handle, long offset, MemorySegment from) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * A descriptor of the handle was closed; what it answers is what close(2) returns. Comes once per
   * close(2).
   */
  default Outcome<Done> flush(Caller caller, long node, long handle) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * The kernel did not take the answer to an {@link #open} or {@link #create}, and so did not do
   * with its pages what the answer's options say. Comes before the {@link #release}.
   */
  default void unopened(long node) {}

  /** The last descriptor of the handle is gone. No one sees an error of it. */
  default Outcome<Done> release(long node, long handle) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Returns when what was written is durable; {@code dataOnly} for fdatasync(2). */
  default Outcome<Done> fsync(Caller caller, long node, long handle, boolean dataOnly) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Opens a directory. */
  default Outcome<Opened> opendir(Caller caller, long node) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * Lists a directory from {@code offset} on: 0, or the offset that came with an entry, which asks
   * for those after it. Entries go into {@code into} until it is full or there are no more. For
   * {@link DirectoryEntries#withAttributes()} every entry that was accepted counts as one lookup.
   */
  default Outcome<Done> readdir(
      Caller caller, long node, long handle, long offset, DirectoryEntries into) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** The last descriptor of the directory handle is gone. */
  default Outcome<Done> releasedir(long node, long handle) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** fsync(2) of a directory. */
  default Outcome<Done> fsyncdir(Caller caller, long node, long handle, boolean dataOnly) {
    throw new FuseException(Errno.ENOSYS);
  }

  /** Space and inodes, for statfs(2). Never waits. */
  default Outcome<Statistics> statfs(Caller caller, long node) {
    throw new FuseException(Errno.ENOSYS);
  }

  /**
   * The connection is over: unmounted or aborted. Comes once, after the last request was answered.
   */
  default void destroy() {}

  /**
   * This process ends, the session goes on with another one. Comes once, in the place of {@link
   * #destroy}, when no request is read any more.
   */
  default void handOver() {
    destroy();
  }
}
