package io.ossmount.fuse;

import java.util.Set;

/**
 * A file or directory that was opened: {@code fuse_open_out}.
 *
 * @param handle passed back with every request on it; never {@link FileSystem#NO_HANDLE}
 * @param options how the kernel treats it
 * @param backing id of the file that the kernel reads in its place, see {@link BackingFiles}; 0:
 *     none
 */
public record Opened(long handle, Set<Option> options, int backing) {
  /** One that is read by requests. */
  public Opened(long handle, Set<Option> options) {
    this(handle, options, 0);
  }

  /** One that the kernel reads from a backing file. */
  public static Opened withBacking(long handle, Set<Option> options, int backing) {
    return new Opened(handle, options, backing);
  }

  /** Whether the kernel reads a backing file. */
  public boolean isPassthrough() {
    return backing != 0;
  }

  /** The {@code FOPEN_} flags of {@code linux/fuse.h}. */
  public enum Option {
    /** Reads and writes go past the page cache. */
    DIRECT_IO(1),
    /** Pages that the kernel has of the inode stay. */
    KEEP_CACHE(1 << 1),
    /** The listing may be cached by the kernel. */
    CACHE_DIR(1 << 3),
    /** close(2) sends no FLUSH: for files opened read-only. */
    NOFLUSH(1 << 5);

    private final int bit;

    Option(int bit) {
      this.bit = bit;
    }

    /** The flag's value on the wire. */
    public int bit() {
      return bit;
    }
  }
}
