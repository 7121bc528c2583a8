package io.ossmount.chaos.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a process holds, by kind.
 *
 * @param counts of descriptors and threads
 */
public record Leaks(Map<String, Integer> counts) {
  private static final String FUSE = "/dev/fuse";
  private static final String MEMFD = "memfd";
  private static final String DELETED = "deleted files";
  private static final String FILES = "files";
  private static final String SOCKETS = "sockets";
  private static final String OTHER = "other descriptors";
  private static final String THREADS = "threads";

  /**
   * Pools of a JVM breathe, and so does what applications have open; sessions do not. A deleted
   * file takes room on the disk that nobody sees.
   */
  private static final Map<String, Integer> TOLERANCE =
      Map.of(FUSE, 0, MEMFD, 0, DELETED, 0, FILES, 1_000, SOCKETS, 64, OTHER, 12, THREADS, 12);

  /** Those that JOSDK and gRPC may start for what comes at once: more than 50 and 50. */
  private static final int CLUSTER_THREADS = 120;

  private static final Set<String> OF_CLUSTER = Set.of("operator", "controller");

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
    var counts = new TreeMap<String, Integer>();
    for (var descriptor : list(process.resolve("fd"))) {
      counts.merge(kind(descriptor), 1, Integer::sum);
    }
    counts.put(THREADS, list(process.resolve("task")).size());
    return new Leaks(counts);
  }

  /** What is more in {@code after} than it may be, one line each. */
  public static List<String> between(String process, Leaks before, Leaks after) {
    return between(process, before, after, 0);
  }

  /**
   * The same.
   *
   * @param deleted so many deleted files it may have
   */
  static List<String> between(String process, Leaks before, Leaks after, long deleted) {
    var leaks = new ArrayList<String>();
    TOLERANCE.forEach((kind, tolerance) -> {
      int had = before.counts.getOrDefault(kind, 0);
      int has = after.counts.getOrDefault(kind, 0);
      if (has > had + tolerance + more(process, kind, deleted)) {
        leaks.add("%s: %d of %s, %d before".formatted(process, has, kind, had));
      }
    });
    leaks.sort(null);
    return leaks;
  }

  private static long more(String process, String kind, long deleted) {
    return switch (kind) {
      case DELETED -> deleted;
      case THREADS -> OF_CLUSTER.contains(process) ? CLUSTER_THREADS : 0;
      default -> 0;
    };
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static String kind(Path descriptor) throws IOException {
    try {
      return kind(Files.readSymbolicLink(descriptor).toString());
    } catch (NoSuchFileException closedMeanwhile) {
      return OTHER;
    }
  }

  private static String kind(String target) {
    if (target.equals(FUSE)) {
      return FUSE;
    }
    if (target.startsWith("/memfd:")) {
      return MEMFD;
    }
    if (target.startsWith("socket:")) {
      return SOCKETS;
    }
    if (!target.startsWith("/")) {
      return OTHER;
    }
    return target.endsWith(" (deleted)") ? DELETED : FILES;
  }
}
