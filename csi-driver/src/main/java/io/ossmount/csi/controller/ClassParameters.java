package io.ossmount.csi.controller;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.volume.Modes;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parameters of a StorageClass, with what csi-provisioner adds ({@code --extra-create-metadata}).
 *
 * @param ossMount the OssMount that the class fixes; absent: the claim chooses
 * @param directory template of the directory; absent: all of the OssMount
 * @param modes how its volumes are read and written
 * @param claim who asks; absent only where no csi-provisioner asks
 * @param volumeName name of the PersistentVolume to be
 */
record ClassParameters(
    Optional<ObjectName> ossMount,
    Optional<DirectoryTemplate> directory,
    Modes modes,
    Optional<ObjectName> claim,
    Optional<String> volumeName) {
  private static final String OSS_MOUNT = "ossMount";
  private static final String DIRECTORY = "directory";
  private static final String READ_MODE = "readMode";
  private static final String WRITE_MODE = "writeMode";

  // Written by csi-provisioner.
  private static final String CLAIM_NAMESPACE = "csi.storage.k8s.io/pvc/namespace";
  private static final String CLAIM_NAME = "csi.storage.k8s.io/pvc/name";
  private static final String VOLUME_NAME = "csi.storage.k8s.io/pv/name";

  private static final Set<String> KNOWN =
      Set.of(OSS_MOUNT, DIRECTORY, READ_MODE, WRITE_MODE, CLAIM_NAMESPACE, CLAIM_NAME, VOLUME_NAME);

  static ClassParameters parse(Map<String, String> parameters) {
    if (parameters.containsKey(Annotations.RESET)) {
      throw new InvalidRequest(
          "parameter \""
              + Annotations.RESET
              + "\" of the StorageClass resets nothing; take it off the class, and annotate the"
              + " OssMount itself");
    }
    for (var key : parameters.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new InvalidRequest(
            "parameter \""
                + key
                + "\" of the StorageClass is not known; known are "
                + OSS_MOUNT
                + " (NAMESPACE/NAME), "
                + DIRECTORY
                + ", "
                + READ_MODE
                + " (Cache or None) and "
                + WRITE_MODE
                + " (Through or Async)");
      }
    }
    return new ClassParameters(
        Optional.ofNullable(parameters.get(OSS_MOUNT))
            .map(text -> ObjectName.parse("parameter " + OSS_MOUNT, text)),
        Optional.ofNullable(parameters.get(DIRECTORY)).map(DirectoryTemplate::new),
        new Modes(
            Optional.ofNullable(parameters.get(READ_MODE))
                .flatMap(text -> Modes.parse(ReadMode.class, "parameter " + READ_MODE, text)),
            Optional.ofNullable(parameters.get(WRITE_MODE))
                .flatMap(text -> Modes.parse(WriteMode.class, "parameter " + WRITE_MODE, text))),
        claim(parameters),
        Optional.ofNullable(parameters.get(VOLUME_NAME)));
  }

  private static Optional<ObjectName> claim(Map<String, String> parameters) {
    var namespace = parameters.get(CLAIM_NAMESPACE);
    var name = parameters.get(CLAIM_NAME);
    return namespace == null || name == null
        ? Optional.empty()
        : Optional.of(ObjectName.parse("the claim", namespace + "/" + name));
  }
}
