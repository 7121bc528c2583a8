package io.ossmount.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine that a report was made on, and what is done to it: dropping caches, unmounting. Needs
 * root.
 */
final class Machine {
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private Machine() {}

  /** Writes dirty pages back and drops the kernel's page cache, dentries and inodes. */
  static void dropCaches() throws IOException, InterruptedException {
    sync();
    Files.writeString(DROP_CACHES, "3");
  }

  /** Writes dirty pages back, so that they do not disturb what comes next. */
  static void sync() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor();
  }

  /** {@link #dropCaches} as work; counts nothing. */
  static double drop() throws IOException, InterruptedException {
    dropCaches();
    return 0;
  }

  /** Takes a mount away whose program did not do so when it ended. */
  static void unmount(Path point) {
    firstLine(List.of("umount", "--lazy", point.toString()));
  }

  /** Runs a short command, which must succeed. */
  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command[0] + " failed: " + output);
    }
  }

  static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** What a short command says first; empty: it cannot be run, fails, or says nothing. */
  static Optional<String> firstLine(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException cannotRun) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** One line for people. */
  static String describe() throws IOException {
    long kibibytes = number("/proc/meminfo", "MemTotal");
    return "%s, %d cores, %d GiB, Linux %s, %s"
        .formatted(
            line("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            Math.round(kibibytes / 1048576.0),
            System.getProperty("os.version"),
            line("/etc/os-release", "PRETTY_NAME").replace("\"", ""));
  }

  private static long number(String file, String field) throws IOException {
    return Long.parseLong(line(file, field).replaceAll("\\D", ""));
  }

  /** What follows a field's name and the sign behind it. */
  private static String line(String file, String field) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", ""))
        .findFirst()
        .orElse("unknown");
  }
}
