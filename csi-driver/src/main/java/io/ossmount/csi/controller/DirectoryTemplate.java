package io.ossmount.csi.controller;

import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory with placeholders, as in {@code ${pvc.namespace}/${pvc.name}}. */
record DirectoryTemplate(String text) {
  /** Namespace of the claim. */
  static final String CLAIM_NAMESPACE = "pvc.namespace";

  /** Name of the claim. */
  static final String CLAIM_NAME = "pvc.name";

  /** Name of the PersistentVolume. */
  static final String VOLUME_NAME = "pv.name";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  /** The directory, with {@code values} in the places of their names. */
  Directory expand(Map<String, String> values) {
    return new Directory(
        PLACEHOLDER
            .matcher(text)
            .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), values))));
  }

  private static String value(String name, Map<String, String> values) {
    return switch (name) {
      case CLAIM_NAMESPACE, CLAIM_NAME, VOLUME_NAME -> {
        var value = values.get(name);
        if (value == null) {
          throw new InvalidRequest(
              "parameter directory uses ${"
                  + name
                  + "}, which csi-provisioner did not give; it needs --extra-create-metadata");
        }
        yield value;
      }
      default ->
          throw new InvalidRequest(
              "parameter directory uses ${"
                  + name
                  + "}, which is not known; known are ${pvc.namespace}, ${pvc.name} and"
                  + " ${pv.name}");
    };
  }
}
