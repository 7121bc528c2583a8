package io.ossmount.fuse;

/**
 * What statfs(2) shows: {@code fuse_kstatfs}.
 *
 * @param blockSize bytes of a block
 * @param blocks all blocks
 * @param blocksFree free ones
 * @param files all inodes
 * @param filesFree free ones
 * @param nameLength longest name in bytes
 */
public record Statistics(
    int blockSize, long blocks, long blocksFree, long files, long filesFree, int nameLength) {
  /** Of what has no end that is known, such as a bucket: all of a PiB and 2^40 files free. */
  public static final Statistics BOUNDLESS =
      new Statistics(4096, 1L << 38, 1L << 38, 1L << 40, 1L << 40, 255);
}
