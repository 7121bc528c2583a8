package io.ossmount.csi.volume;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Map;

/** The pod that a volume is published for, as kubelet names it ({@code podInfoOnMount}). */
public record PodReference(String namespace, String name, String uid) {
  private static final String PREFIX = "csi.storage.k8s.io/pod.";

  static PodReference parse(Map<String, String> context) {
    return new PodReference(
        Text.dnsName(PREFIX + "namespace", required(context, "namespace")),
        Text.dnsName(PREFIX + "name", required(context, "name")),
        Text.uid(PREFIX + "uid", required(context, "uid")));
  }

  private static String required(Map<String, String> context, String field) {
    var value = context.get(PREFIX + field);
    if (value == null) {
      throw new InvalidRequest(
          "kubelet did not say which pod asks; the CSIDriver object needs podInfoOnMount: true");
    }
    return value;
  }

  /** For messages: namespace/name. */
  public String label() {
    return namespace + "/" + name;
  }
}
