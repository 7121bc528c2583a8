package io.ossmount.cache.block;

/**
 * How much memory the cache may take.
 *
 * @param gets from the store at a time; each has a chunk of 128 KiB
 * @param blocks that are in memory because they have no place on the disk, a MiB each
 * @param versions that are remembered; the disk is taken for full when there are so many
 */
public record BlockMemory(int gets, int blocks, int versions) {
  /** For a heap of 512 MiB. */
  public static final BlockMemory USUAL = new BlockMemory(64, 32, 800_000);
}
