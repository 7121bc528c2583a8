package io.ossmount.chaos.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a process holds, by kind.
 *
 * @param counts of descriptors and threads
 */
public record Leaks(Map<String, Integer> counts) {
  private static final String FUSE = "/dev/fuse";
  private static final String MEMFD = "memfd";
  private static final String OTHER = "descriptors";
  private static final String THREADS = "threads";

  /** Pools of a JVM breathe; sessions do not. */
  private static final Map<String, Integer> TOLERANCE =
      Map.of(FUSE, 0, MEMFD, 0, OTHER, 12, THREADS, 12);

  /** Copies. */
  public Leaks {
    counts = Map.copyOf(counts);
  }

  /**
   * Of a process, now.
   *
   * @throws IOException it is not there
   */
  public static Leaks of(long pid) throws IOException {
    var process = Path.of("/proc", Long.toString(pid));
    var counts = new TreeMap<>(Map.of(FUSE, 0, MEMFD, 0, OTHER, 0));
    for (var descriptor : list(process.resolve("fd"))) {
      counts.merge(kind(descriptor), 1, Integer::sum);
    }
    counts.put(THREADS, list(process.resolve("task")).size());
    return new Leaks(counts);
  }

  /** What is more in {@code after} than it may be, one line each. */
  public static List<String> between(String process, Leaks before, Leaks after) {
    var leaks = new ArrayList<String>();
    TOLERANCE.forEach((kind, tolerance) -> {
      int had = before.counts.getOrDefault(kind, 0);
      int has = after.counts.getOrDefault(kind, 0);
      if (has > had + tolerance) {
        leaks.add("%s: %d of %s, %d before".formatted(process, has, kind, had));
      }
    });
    leaks.sort(null);
    return leaks;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static String kind(Path descriptor) throws IOException {
    try {
      var target = Files.readSymbolicLink(descriptor).toString();
      return target.equals(FUSE) ? FUSE : target.startsWith("/memfd:") ? MEMFD : OTHER;
    } catch (NoSuchFileException closedMeanwhile) {
      return OTHER;
    }
  }
}
