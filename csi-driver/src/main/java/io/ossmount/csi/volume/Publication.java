package io.ossmount.csi.volume;

import io.ossmount.api.VolumeContext;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What NodePublishVolume asks for. */
public sealed interface Publication {
  /** Id of the volume. */
  VolumeId id();

  /** Where it is to appear. */
  TargetPath target();

  /**
   * The files of an OssMount.
   *
   * @param mount which OssMount, and which part
   * @param readOnly whether anything of the request forbids writing
   * @param options of the mount
   * @param group group that is to have access: a pod's fsGroup
   */
  record Files(
      VolumeId id,
      TargetPath target,
      MountReference mount,
      boolean readOnly,
      MountOptions options,
      Optional<Integer> group)
      implements Publication {}

  /**
   * The node's directory of an OssMount, for its cache pod.
   *
   * @param ossMount name of the OssMount, in the pod's namespace
   * @param pod who asks
   */
  record CacheDirectory(VolumeId id, TargetPath target, String ossMount, PodReference pod)
      implements Publication {}

  /** Prefixes of keys that Kubernetes adds by itself. */
  Set<String> FOREIGN_PREFIXES = Set.of("csi.storage.k8s.io/", "storage.kubernetes.io/");

  /** Keys of a PersistentVolume's context. */
  Set<String> FILES_KEYS =
      Set.of(
          VolumeContext.NAMESPACE,
          VolumeContext.NAME,
          VolumeContext.UID,
          VolumeContext.DIRECTORY,
          VolumeContext.READ_MODE,
          VolumeContext.WRITE_MODE);

  /** Keys of an inline volume's context. */
  Set<String> CACHE_KEYS = Set.of(VolumeContext.ROLE, VolumeContext.OSS_MOUNT);

  /**
   * Reads a request.
   *
   * <p>Kubelet says of every volume whether it stands in the pod itself; that cannot be forged, and
   * such a volume gets nothing but a cache pod's directory: its author is anyone who may make a
   * pod, and would else name an OssMount of any namespace.
   */
  static Publication parse(Request request) {
    var context = request.context();
    if (Boolean.parseBoolean(context.get("csi.storage.k8s.io/ephemeral"))) {
      return cacheDirectory(request);
    }
    refuseUnknown(context, FILES_KEYS);
    return new Files(
        request.id(),
        request.target(),
        MountReference.parse(context),
        request.readOnly() || request.options().readOnly(),
        request.options(),
        request.group().isEmpty()
            ? Optional.empty()
            : Optional.of(MountOptions.id("the volume mount group", request.group())));
  }

  private static CacheDirectory cacheDirectory(Request request) {
    var context = request.context();
    if (!VolumeContext.ROLE_CACHE.equals(context.get(VolumeContext.ROLE))) {
      throw new InvalidRequest(
          "inline csi volumes of this driver are for its cache pods only; use a"
              + " PersistentVolumeClaim, or a generic ephemeral volume (ephemeral:"
              + " volumeClaimTemplate)");
    }
    refuseUnknown(context, CACHE_KEYS);
    return new CacheDirectory(
        request.id(),
        request.target(),
        Text.dnsName(VolumeContext.OSS_MOUNT, context.getOrDefault(VolumeContext.OSS_MOUNT, "")),
        PodReference.parse(context));
  }

  private static void refuseUnknown(Map<String, String> context, Set<String> known) {
    for (var key : context.keySet()) {
      if (!known.contains(key) && FOREIGN_PREFIXES.stream().noneMatch(key::startsWith)) {
        throw new InvalidRequest(
            "volume attribute "
                + Text.quoted(key)
                + " is not known; known are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /**
   * The parts of a request, checked one by one but not yet together.
   *
   * @param readOnly whether the request or its access mode forbids writing
   * @param group text of the volume mount group, "" for none
   */
  record Request(
      VolumeId id,
      TargetPath target,
      Map<String, String> context,
      boolean readOnly,
      MountOptions options,
      String group) {}
}
