package io.ossmount.fuse;

import java.time.Duration;
import java.time.Instant;

/**
 * What stat(2) shows.
 *
 * @param inode number that programs see ({@code st_ino}); not the node id
 * @param size in bytes
 * @param mode file type and permission bits, as {@code st_mode}
 * @param links {@code st_nlink}
 * @param uid owner
 * @param gid group
 * @param accessed {@code st_atim}
 * @param modified {@code st_mtim}
 * @param changed {@code st_ctim}
 * @param validity how long the kernel may use these without asking again
 */
public record Attributes(
    long inode,
    long size,
    int mode,
    int links,
    int uid,
    int gid,
    Instant accessed,
    Instant modified,
    Instant changed,
    Duration validity) {
  /** S_IFMT of {@code mode}: the file type. */
  public static final int TYPE_MASK = 0170000;

  /** S_IFREG. */
  public static final int REGULAR = 0100000;

  /** S_IFDIR. */
  public static final int DIRECTORY = 0040000;

  /** S_IFLNK. */
  public static final int SYMLINK = 0120000;
}
