package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that a report was made on, and the one thing that is done to it: dropping caches.
 * Needs root.
 */
final class Machine {
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private Machine() {}

  /** Writes dirty pages back and drops the kernel's page cache, dentries and inodes. */
  static void dropCaches() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor();
    Files.writeString(DROP_CACHES, "3");
  }

  /** One line for people. */
  static String describe() throws IOException {
    long memory =
        Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("MemTotal:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
    return "%d cores, %d GiB, Linux %s, JDK %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Math.round(memory / 1048576.0),
            System.getProperty("os.version"),
            System.getProperty("java.version"));
  }
}
