package io.ossmount.operator.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Cases of rendering: each directory has what goes in and what was agreed to come out. With {@code
 * -Dossmount.regenerate=true} what comes out now is written first.
 */
public final class GoldenFiles {
  private GoldenFiles() {}

  /** The cases below a directory. */
  public static List<Path> cases(Path directory) throws IOException {
    try (var paths = Files.list(directory)) {
      return paths.sorted().toList();
    }
  }

  /**
   * All files of a case but its inputs, by name: one that nothing renders is among them.
   *
   * @param rendered what comes out now, by name of the file
   */
  public static Map<String, String> of(
      Path directory, Set<String> inputs, Map<String, String> rendered) throws IOException {
    if (Boolean.getBoolean("ossmount.regenerate")) {
      for (var file : rendered.entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    }
    var agreed = new TreeMap<String, String>();
    for (var file : cases(directory)) {
      var name = String.valueOf(file.getFileName());
      if (!inputs.contains(name)) {
        agreed.put(name, Files.readString(file));
      }
    }
    return agreed;
  }
}
