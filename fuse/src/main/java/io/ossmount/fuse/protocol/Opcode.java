package io.ossmount.fuse.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The operations that are understood: {@code enum fuse_opcode}. Any other one is answered with
 * ENOSYS, upon which the kernel does without it: extended attributes, access(2), fallocate(2),
 * lseek(2) for holes, copy_file_range(2), ioctl(2), poll(2), bmap, locks (which stay in the
 * kernel).
 */
public enum Opcode {
  LOOKUP(1, 0, 1, Effect.QUERY),
  FORGET(2, ForgetIn.BYTES, 0, Effect.NOTICE),
  GETATTR(3, GetattrIn.BYTES, 0, Effect.STATE),
  SETATTR(4, SetattrIn.BYTES, 0, Effect.CHANGE),
  READLINK(5, 0, 0, Effect.STATE),
  SYMLINK(6, 0, 2, Effect.CHANGE),
  MKNOD(8, MknodIn.BYTES, 1, Effect.CHANGE),
  MKDIR(9, MkdirIn.BYTES, 1, Effect.CHANGE),
  UNLINK(10, 0, 1, Effect.CHANGE),
  RMDIR(11, 0, 1, Effect.CHANGE),
  RENAME(12, RenameIn.BYTES, 2, Effect.CHANGE),
  LINK(13, 8, 1, Effect.CHANGE),
  OPEN(14, OpenIn.BYTES, 0, Effect.QUERY),
  READ(15, ReadIn.BYTES, 0, Effect.QUERY),
  WRITE(16, WriteIn.BYTES, 0, Effect.CHANGE),
  STATFS(17, 0, 0, Effect.STATE),
  RELEASE(18, ReleaseIn.BYTES, 0, Effect.STATE),
  FSYNC(20, FsyncIn.BYTES, 0, Effect.CHANGE),
  FLUSH(25, FlushIn.BYTES, 0, Effect.CHANGE),
  INIT(26, InitIn.COMPAT_BYTES, 0, Effect.STATE),
  OPENDIR(27, OpenIn.BYTES, 0, Effect.STATE),
  READDIR(28, ReadIn.BYTES, 0, Effect.QUERY),
  RELEASEDIR(29, ReleaseIn.BYTES, 0, Effect.STATE),
  FSYNCDIR(30, FsyncIn.BYTES, 0, Effect.CHANGE),
  CREATE(35, CreateIn.BYTES, 1, Effect.CHANGE),
  INTERRUPT(36, InterruptIn.BYTES, 0, Effect.NOTICE),
  DESTROY(38, 0, 0, Effect.STATE),
  BATCH_FORGET(42, BatchForgetIn.BYTES, 0, Effect.NOTICE),
  READDIRPLUS(44, ReadIn.BYTES, 0, Effect.QUERY),
  RENAME2(45, Rename2In.BYTES, 2, Effect.CHANGE);

  /** What an operation does, as far as its answering is concerned. */
  private enum Effect {
    /** An open, lookup, read or listing: its caller may be told EINTR. */
    QUERY,
    /** Asks for something, or begins or ends a handle: doing it twice does no harm. */
    STATE,
    /**
     * Changes something, or says that a change is durable: who does it again is told how far it
     * came.
     */
    CHANGE,
    /** Gets no answer. */
    NOTICE
  }

  private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[64];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;
  private final int argumentBytes;
  private final int names;
  private final Effect effect;

  Opcode(int code, int argumentBytes, int names, Effect effect) {
    this.code = code;
    this.argumentBytes = argumentBytes;
    this.names = names;
    this.effect = effect;
  }

  /** The operation with this number; null when it is not understood. */
  public static @Nullable Opcode of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /** Number on the wire. */
  public int code() {
    return code;
  }

  /** Least size of what follows the header, without names. */
  int argumentBytes() {
    return argumentBytes;
  }

  /** How many names, each ended by a zero byte, follow the argument. */
  int names() {
    return names;
  }

  /** Whether the kernel waits for an answer. */
  public boolean isAnswered() {
    return effect != Effect.NOTICE;
  }

  /**
   * Whether a caller waits for the answer. Nobody does for that to RELEASE, which has to be done
   * all the same when its caller is gone.
   */
  public boolean hasCaller() {
    return switch (this) {
      case RELEASE, RELEASEDIR, INIT, DESTROY -> false;
      default -> isAnswered();
    };
  }

  /** Whether FUSE_INTERRUPT may end it with EINTR. */
  public boolean isInterruptible() {
    return effect == Effect.QUERY;
  }

  /**
   * Whether it matters that it is done once: it changes something or hands out a handle. Notes are
   * kept while it is under way, and its answer until it was sent.
   */
  public boolean isOnce() {
    return effect == Effect.CHANGE || this == OPEN || this == OPENDIR;
  }
}
