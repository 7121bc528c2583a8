package io.ossmount.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Circumstances of a run.
 *
 * @param date of its end
 * @param machine in a few words
 * @param seed that repeats it
 * @param command that repeats it
 */
record Setting(LocalDate date, String machine, long seed, String command) {
  private static final double KIBIBYTES = 1 << 20;

  /** Of this machine, today. */
  static Setting now(long seed, String command) throws IOException {
    var machine =
        "%s, %d cores, %d GiB, Linux %s"
            .formatted(
                line("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Math.round(
                    Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                        / KIBIBYTES),
                System.getProperty("os.version"));
    return new Setting(LocalDate.now(ZoneOffset.UTC), machine, seed, command);
  }

  /** What follows a field's name and its colon. */
  private static String line(String file, String field) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceFirst("^[^:]*:\\s*", ""))
          .findFirst()
          .orElse("0");
    }
  }
}
