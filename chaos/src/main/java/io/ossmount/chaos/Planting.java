package io.ossmount.chaos;

import io.ossmount.chaos.scene.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes what a leak would leave; the end of the run takes it away. */
final class Planting {
  private static final String LONG_SECONDS = "300";

  private Planting() {}

  /** A mount that nobody needs. */
  static void mount(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Command.run("mount", "--bind", directory.toString(), directory.toString());
  }

  /** A deleted file that a process has open. */
  static void descriptor(Path file) throws IOException {
    Files.writeString(file, "x");
    var _ = new ProcessBuilder("sleep", LONG_SECONDS).redirectInput(file.toFile()).start();
    Files.delete(file);
  }
}
