package io.ossmount.csi.heal;

import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;

/**
 * A session that answers nobody any more. Its own mount stays until nobody shows it, so that the
 * kernel gives its device number to no other file system meanwhile.
 *
 * @param name of the session: the last part of the path of its own mount
 * @param device {@code major:minor} of its file system
 */
public record DeadSession(String name, String device) {
  /** Whether this mount of it is one that somebody uses, and not its own one or a copy of that. */
  boolean isUse(MountEntry mount) {
    return mount.device().equals(device)
        && mount.isFuse()
        && !mount.target().endsWith("/sessions/" + name);
  }

  /** Whether anybody there uses it. */
  boolean isUsedIn(MountTable mounts) {
    return mounts.entries().stream().anyMatch(this::isUse);
  }
}
