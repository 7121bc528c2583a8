package io.ossmount.operator.observe;

import io.ossmount.api.v1alpha1.OssMount;
import java.util.Objects;

/** Which OssMount, at which generation. */
public record MountIdentity(String namespace, String name, String uid, long generation) {
  /** Reads it from an object that an API server gave. */
  public static MountIdentity of(OssMount mount) {
    var metadata = mount.getMetadata();
    return new MountIdentity(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        Objects.requireNonNullElse(metadata.getGeneration(), 0L));
  }

  /** Name of the Secret that the cache pods mount. */
  public String secretName() {
    return "ossmount-" + name;
  }
}
