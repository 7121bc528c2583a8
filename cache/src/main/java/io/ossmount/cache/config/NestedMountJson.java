package io.ossmount.cache.config;

import io.ossmount.cache.config.MountSettings.MetadataCache;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.proto.config.v1.MountConfiguration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The nested mounts of a {@code MountConfiguration}, checked. */
final class NestedMountJson {
  private final MountJson json;
  private final List<String> problems;

  /**
   * Reads them.
   *
   * @param json reads what the mount itself has of the same kind
   * @param problems gets what is wrong
   */
  NestedMountJson(MountJson json, List<String> problems) {
    this.json = json;
    this.problems = problems;
  }

  List<NestedMount> read(MountConfiguration message, MetadataCache mount) {
    List<NestedMount> mounts = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (int i = 0; i < message.getMountsCount(); i++) {
      var nested = message.getMounts(i);
      String field = "mounts[" + i + "].";
      String path = nested.getPath();
      if (!MountPath.isRight(path)) {
        problems.add(field + "path has to be names with / between them, without . and ..");
      } else if (!paths.add(path)) {
        problems.add(field + "path is there twice: " + path);
      }
      mounts.add(
          new NestedMount(
              path,
              json.source(field + "source", nested.getSource()),
              nested.getReadOnly() || message.getReadOnly(),
              json.metadataCache(field + "metadataCache", nested.getMetadataCache(), mount)));
    }
    return List.copyOf(mounts);
  }
}
