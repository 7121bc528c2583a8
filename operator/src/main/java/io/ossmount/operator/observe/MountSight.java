package io.ossmount.operator.observe;

import static java.util.Comparator.comparing;

import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ossmount.api.v1alpha1.OssMount;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The OssMounts as the informers know them, for who only looks. Safe for use by many threads. */
public final class MountSight {
  private final ResourceCache<OssMount> mounts;
  private final Function<MountIdentity, List<ObservedVolume>> volumes;

  /**
   * Looks at these.
   *
   * @param volumes those that use an OssMount
   */
  public MountSight(
      ResourceCache<OssMount> mounts, Function<MountIdentity, List<ObservedVolume>> volumes) {
    this.mounts = mounts;
    this.volumes = volumes;
  }

  /** All, by namespace and name; not to be changed. */
  public List<OssMount> mounts() {
    return mounts
        .list()
        .sorted(
            comparing((OssMount mount) -> mount.getMetadata().getNamespace())
                .thenComparing(mount -> mount.getMetadata().getName()))
        .toList();
  }

  /** One of them; not to be changed. */
  public Optional<OssMount> mount(String namespace, String name) {
    return mounts.get(new ResourceID(name, namespace));
  }

  /** The volumes that use an OssMount. */
  public List<ObservedVolume> volumes(OssMount mount) {
    return volumes.apply(MountIdentity.of(mount));
  }
}
