package io.ossmount.chaos.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who has files open. */
final class Holders {
  private static final Path PROC = Path.of("/proc");

  private Holders() {}

  /** Open files below a directory, deleted ones too: one line for each, with its process. */
  static List<String> of(Path directory) throws IOException {
    var holders = new ArrayList<String>();
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        open(process).stream()
            .filter(file -> file.startsWith(directory + "/"))
            .forEach(file -> holders.add(file + " in process " + process.getFileName()));
      }
    }
    return holders;
  }

  private static List<String> open(Path process) {
    var open = new ArrayList<String>();
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        open.add(Files.readSymbolicLink(descriptor).toString());
      }
    } catch (IOException goneMeanwhile) {
      // What was seen before counts.
    }
    return open;
  }
}
