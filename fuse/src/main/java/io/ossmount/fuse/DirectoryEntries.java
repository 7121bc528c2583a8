package io.ossmount.fuse;

/**
 * The room for one answer to READDIR or READDIRPLUS. Not thread-safe.
 *
 * <p>A file system offers entries until one is refused.
 */
public interface DirectoryEntries {
  /**
   * Whether this is READDIRPLUS: offers with an {@link Entry} are wanted, and count as lookups when
   * accepted.
   */
  boolean withAttributes();

  /**
   * Offers a name without attributes. Also for "." and ".." in READDIRPLUS, where node id 0 says
   * that it counts as no lookup.
   *
   * @param name the name
   * @param inode number that programs see
   * @param type file type, as in {@code st_mode}
   * @param offset asks for what follows this entry; greater than 0
   * @return false when there is no room left: the entry was not taken
   */
  boolean offer(String name, long inode, int type, long offset);

  /**
   * Offers a name with its attributes; only for {@link #withAttributes()}.
   *
   * @return false when there is no room left: the entry was not taken and does not count as a
   *     lookup
   */
  boolean offer(String name, Entry entry, long offset);
}
