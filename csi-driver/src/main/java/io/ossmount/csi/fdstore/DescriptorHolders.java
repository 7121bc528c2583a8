package io.ossmount.csi.fdstore;

import java.util.Set;

/** Who may keep a FUSE connection alive whose descriptor this process does not have. */
@FunctionalInterface
public interface DescriptorHolders {
  /**
   * Whether a living process other than this one may hold a descriptor of the connection.
   *
   * @param device {@code major:minor} of its file system
   * @param besides process ids that are known not to
   */
  boolean mayBeHeld(String device, Set<Integer> besides);
}
