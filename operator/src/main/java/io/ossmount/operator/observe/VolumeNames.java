package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ossmount.api.VolumeContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How volumes, nodes and OssMounts name each other. Pure. */
final class VolumeNames {
  private final String driver;
  // As kubelet names volumes of CSI drivers in a node's volumesInUse.
  private final String inUsePrefix;

  VolumeNames(String driver) {
    this.driver = driver;
    this.inUsePrefix = "kubernetes.io/csi/" + driver + "^";
  }

  boolean isOurs(PersistentVolume volume) {
    var csi = volume.getSpec() == null ? null : volume.getSpec().getCsi();
    return csi != null && driver.equals(csi.getDriver());
  }

  /** Index keys of an OssMount: a volume has one of them. */
  static List<String> keys(MountIdentity mount) {
    return List.of(uidKey(mount.uid()), nameKey(mount.namespace(), mount.name()));
  }

  /**
   * Index keys of a volume: by UID if it has one, so that it never turns to another OssMount of the
   * same name.
   */
  List<String> keys(PersistentVolume volume) {
    var context = context(volume);
    var uid = context.get(VolumeContext.UID);
    if (uid != null && !uid.isEmpty()) {
      return List.of(uidKey(uid));
    }
    return mountOf(volume).stream()
        .map(id -> nameKey(id.getNamespace().orElse(""), id.getName()))
        .toList();
  }

  Set<ResourceID> mountOf(PersistentVolume volume) {
    var context = context(volume);
    var namespace = context.get(VolumeContext.NAMESPACE);
    var name = context.get(VolumeContext.NAME);
    return namespace == null || name == null ? Set.of() : Set.of(new ResourceID(name, namespace));
  }

  /** How a node that uses the volume names it. */
  String inUse(PersistentVolume volume) {
    return inUsePrefix + volume.getSpec().getCsi().getVolumeHandle();
  }

  /** The volumes of our driver that a node uses, as it names them. */
  List<String> inUse(Node node) {
    var status = node.getStatus();
    return status == null
        ? List.of()
        : status.getVolumesInUse().stream().filter(name -> name.startsWith(inUsePrefix)).toList();
  }

  private Map<String, String> context(PersistentVolume volume) {
    return isOurs(volume)
        ? Objects.requireNonNullElseGet(volume.getSpec().getCsi().getVolumeAttributes(), Map::of)
        : Map.of();
  }

  private static String uidKey(String uid) {
    return "uid:" + uid;
  }

  private static String nameKey(String namespace, String name) {
    return "name:" + namespace + "/" + name;
  }
}
