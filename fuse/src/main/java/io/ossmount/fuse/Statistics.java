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
    int blockSize, long blocks, long blocksFree, long files, long filesFree, int nameLength) {}
