package io.ossmount.csi.fdstore;

import java.util.Set;

/** Who may keep FUSE connections alive whose descriptors this process does not have. */
@FunctionalInterface
public interface DescriptorHolders {
  /**
   * The connections of which a living process other than this one may hold a descriptor.
   *
   * @param devices {@code major:minor} of the file systems in question
   * @param besides process ids that are known not to
   * @return those of {@code devices}
   */
  Set<String> held(Set<String> devices, Set<Integer> besides);
}
