package io.ossmount.fuse.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A change of what is mounted at one place: what lies there is taken away, and {@code tree} is
 * there instead. Where the kernel can put it beneath (Linux 6.5) there is no moment without a
 * mount, and whatever fails leaves a mount there. On older kernels there is one, between two system
 * calls.
 *
 * @param target mount point, as {@code mountinfo} of its namespace shows it: an absolute path
 *     without links, not the root itself; it reaches no server of what is mounted there
 * @param layers how many mounts lie there that are to go, 1 or more
 * @param tree that is to be there, with all attributes set; null: what lies beneath those layers is
 *     right already
 */
public record MountChange(String target, int layers, @Nullable DetachedMount tree) {
  /** Checks the path and the number. */
  public MountChange {
    if (!target.startsWith("/") || target.endsWith("/")) {
      throw new IllegalArgumentException("mount point: " + target);
    }
    if (layers < 1) {
      throw new IllegalArgumentException("layers: " + layers);
    }
  }
}
