package io.ossmount.chaos.work;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The program {@code tar}, a process of its own. */
final class Tar {
  private Tar() {}

  /** Puts files of a directory into an archive. */
  static void pack(Path archive, Path directory, List<String> files) throws IOException {
    run("-c", archive, directory, files, _ -> {});
  }

  /**
   * Unpacks these files, which are all that is in the archive.
   *
   * @param unpacked is run for each file as soon as it is there
   */
  static void unpack(Path archive, Path directory, List<String> files, Runnable unpacked)
      throws IOException {
    var lines = new Lines(files, unpacked);
    run("-xv", archive, directory, List.of(), lines);
    lines.end();
  }

  /** tar names a file when it begins it: the one before is there then, if nothing was wrong. */
  private static final class Lines implements Consumer<String> {
    private final List<String> files;
    private final Runnable unpacked;
    private boolean isUnpacking;

    Lines(List<String> files, Runnable unpacked) {
      this.files = files;
      this.unpacked = unpacked;
    }

    @Override
    public void accept(String line) {
      var isName = files.contains(line);
      if (isName) {
        end();
      }
      isUnpacking = isName;
    }

    void end() {
      if (isUnpacking) {
        unpacked.run();
      }
    }
  }

  private static void run(
      String what, Path archive, Path directory, List<String> files, Consumer<String> lines)
      throws IOException {
    var command =
        new ArrayList<>(List.of("tar", what, "-f", archive.toString(), "-C", directory.toString()));
    command.addAll(files);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    var output = new ArrayList<String>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      reader
          .lines()
          .forEach(line -> {
            output.add(line);
            lines.accept(line);
          });
    }
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join("\n", output));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
