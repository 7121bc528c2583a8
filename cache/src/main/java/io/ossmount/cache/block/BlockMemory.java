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

  /** Part of what the mount has of something that each other bucket has for itself beside it. */
  static final int OTHERS_SHARE = 4;

  private static final int LEAST_GETS = 4;
  private static final int MOST_GETS = 16;

  /** What each other bucket has for itself beside the mount's own. */
  BlockMemory forOther() {
    int others = Math.clamp(gets / OTHERS_SHARE, LEAST_GETS, MOST_GETS);
    return new BlockMemory(others, Math.clamp(blocks / (2 * OTHERS_SHARE), 1, 4), versions);
  }
}
