package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;

/** What is wanted of the kernel, and what comes of it: the answer to INIT. */
final class Negotiation {
  static final int MAJOR = 7;

  /** The newest protocol whose records are known here. */
  static final int MINOR = 45;

  /** That of Linux 5.4: with it every record has the size that it has here. */
  static final int MIN_MINOR = 31;

  /** Bytes of a READ or WRITE. */
  static final int MAX_REQUEST = 1 << 20;

  /** Several READs of one file at once. */
  private static final int ASYNC_READ = 1;

  /** O_TRUNC comes with OPEN, not as a SETATTR of its own. */
  private static final int ATOMIC_O_TRUNC = 1 << 3;

  private static final int BIG_WRITES = 1 << 5;

  /** Pages go when an answer shows another size or modification time. */
  private static final int AUTO_INVAL_DATA = 1 << 12;

  private static final int DO_READDIRPLUS = 1 << 13;

  /** READDIRPLUS only where the attributes are asked for. */
  private static final int READDIRPLUS_AUTO = 1 << 14;

  private static final int ASYNC_DIO = 1 << 15;

  /** Lookups and listings of one directory at once. */
  private static final int PARALLEL_DIROPS = 1 << 18;

  private static final int MAX_PAGES = 1 << 22;

  /** A changed link is another node, so a cached target never becomes wrong. */
  private static final int CACHE_SYMLINKS = 1 << 23;

  /** Second word: the kernel can read backing files itself. */
  static final int PASSTHROUGH = 1 << 5;

  /** Second word: the kernel can send unanswered requests again. */
  static final int HAS_RESEND = 1 << 7;

  /**
   * Not wanted: WRITEBACK_CACHE (a change elsewhere would be overwritten by pages of here);
   * POSIX_LOCKS and FLOCK_LOCKS (locks stay in the kernel, where they outlive the server);
   * HANDLE_KILLPRIV (the kernel then drops set-id bits itself, by SETATTR); DONT_MASK (the kernel
   * applies the umask); ABORT_ERROR; EXPORT_SUPPORT; splicing.
   */
  private static final int WANTED =
      ASYNC_READ
          | ATOMIC_O_TRUNC
          | BIG_WRITES
          | AUTO_INVAL_DATA
          | DO_READDIRPLUS
          | READDIRPLUS_AUTO
          | ASYNC_DIO
          | PARALLEL_DIROPS
          | MAX_PAGES
          | CACHE_SYMLINKS
          | InitIn.EXT;

  private static final int WANTED2 = PASSTHROUGH | HAS_RESEND;

  /** The second word above the first. */
  static final long WANTED_FLAGS = Integer.toUnsignedLong(WANTED) | (long) WANTED2 << Integer.SIZE;

  /** A backing file lies on a disk's own file system, not on one that is stacked on another. */
  private static final int STACK_DEPTH = 1;

  /** READs ahead and WRITEs of mapped pages that may be under way at once. */
  private static final int MAX_BACKGROUND = 64;

  private static final int CONGESTION_THRESHOLD = 48;

  /** The kernel takes the least of this and what is set in {@code /sys/class/bdi}. */
  private static final int MAX_READAHEAD = 64 << 20;

  private Negotiation() {}

  /**
   * The answer to the kernel's offer.
   *
   * @param unwanted flags that are not asked for, both words in one number
   * @throws FuseException EPROTO's nearest, EOPNOTSUPP, when the kernel is too old
   */
  static InitOut answer(InitIn in, long unwanted) {
    if (in.major() > MAJOR) {
      // The kernel sends another INIT with the major version that it reads here.
      return new InitOut(MAJOR, MINOR, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    if (in.major() < MAJOR || in.minor() < MIN_MINOR) {
      throw new FuseException(
          Errno.EOPNOTSUPP, "kernel's protocol %d.%d".formatted(in.major(), in.minor()));
    }
    int flags = in.flags() & WANTED & ~(int) unwanted;
    int flags2 = in.flags2() & WANTED2 & ~(int) (unwanted >>> Integer.SIZE);
    return new InitOut(
        MAJOR,
        Math.min(MINOR, in.minor()),
        MAX_READAHEAD,
        flags,
        MAX_BACKGROUND,
        CONGESTION_THRESHOLD,
        MAX_REQUEST,
        1,
        MAX_REQUEST / 4096,
        0,
        flags2,
        (flags2 & PASSTHROUGH) == 0 ? 0 : STACK_DEPTH,
        0);
  }
}
