package io.ossmount.csi.volume;

import io.ossmount.api.VolumeContext;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The OssMount of a volume and the part of it that the volume shows: what CreateVolume freezes in
 * the volume's context.
 *
 * @param namespace of the OssMount
 * @param name of the OssMount
 * @param uid of the OssMount; absent in volumes written by hand
 * @param directory that the volume shows
 * @param modes how it is read and written
 */
public record MountReference(
    String namespace, String name, Optional<String> uid, Directory directory, Modes modes) {

  /** Reads it from a volume's context; other keys are not looked at. */
  public static MountReference parse(Map<String, String> context) {
    return new MountReference(
        Text.dnsName(VolumeContext.NAMESPACE, required(context, VolumeContext.NAMESPACE)),
        Text.dnsName(VolumeContext.NAME, required(context, VolumeContext.NAME)),
        Optional.ofNullable(context.get(VolumeContext.UID))
            .map(uid -> Text.uid(VolumeContext.UID, uid)),
        new Directory(context.getOrDefault(VolumeContext.DIRECTORY, "")),
        Modes.parse(context));
  }

  /** As a volume's context. */
  public Map<String, String> context() {
    var context = new TreeMap<String, String>();
    context.put(VolumeContext.NAMESPACE, namespace);
    context.put(VolumeContext.NAME, name);
    uid.ifPresent(known -> context.put(VolumeContext.UID, known));
    if (!directory.equals(Directory.WHOLE)) {
      context.put(VolumeContext.DIRECTORY, directory.path());
    }
    modes.into(context);
    return context;
  }

  /** For messages: namespace/name. */
  public String label() {
    return namespace + "/" + name;
  }

  private static String required(Map<String, String> context, String key) {
    var value = context.get(key);
    if (value == null) {
      throw new InvalidRequest(
          "volumeAttributes lack "
              + key
              + "; a volume names its OssMount by "
              + VolumeContext.NAMESPACE
              + " and "
              + VolumeContext.NAME);
    }
    return value;
  }
}
