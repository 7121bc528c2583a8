package io.ossmount.fuse;

/**
 * Tells the kernel that it holds something that is no longer so. Thread-safe; no call waits: a
 * notice is queued and a thread of the session's own writes it, in order.
 *
 * <p>Each method returns false when the notice was dropped, because the queue is full or the
 * session has ended; the kernel's time-outs (validity of {@link Entry} and {@link Attributes}) then
 * have to do. A notice about something that the kernel does not hold has no effect.
 */
public interface Notifier {
  /** Drops every notice: for tests, and for file systems that nothing else changes. */
  Notifier NONE =
      new Notifier() {
        @Override
        public boolean invalInode(long node) {
          return false;
        }

        @Override
        public boolean invalEntry(long parent, String name) {
          return false;
        }

        @Override
        public boolean incEpoch() {
          return false;
        }
      };

  /**
   * The attributes of a node have changed: FUSE_NOTIFY_INVAL_INODE with offset -1.
   *
   * <p>Pages stay until the kernel has asked for the attributes again and found another size or
   * modification time (FUSE_AUTO_INVAL_DATA). A range would drop them at once, but waits for every
   * page that a READ is under way for, in a state that not even SIGKILL ends; so there is none.
   */
  boolean invalInode(long node);

  /**
   * A name has come, gone or changed: FUSE_NOTIFY_INVAL_ENTRY.
   *
   * <p>The kernel takes the lock of the directory for it, and waits while an operation on that
   * directory is not answered. So never wait for the effect, least of all in an operation on the
   * same directory; and mind that a server killed in that moment cannot end before its operation is
   * answered. {@link #incEpoch()} has no such trap, where the kernel knows it.
   */
  boolean invalEntry(long parent, String name);

  /**
   * Every name that the kernel holds is to be looked up again when it is next used:
   * FUSE_NOTIFY_INC_EPOCH. Never waits in the kernel.
   *
   * @return also false when the kernel is too old (protocol before 7.44)
   */
  boolean incEpoch();
}
