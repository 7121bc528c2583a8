package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A control group of its own with a limit of memory, of version 1 or 2, as this machine has it.
 * Needs root.
 */
final class ControlGroup implements AutoCloseable {
  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  private final Path directory;
  private final boolean isV1;

  private ControlGroup(Path directory, boolean isV1) {
    this.directory = directory;
    this.isV1 = isV1;
  }

  static ControlGroup create(String name, long limitBytes) throws IOException {
    var isV1 = Files.exists(V1.resolve("memory.limit_in_bytes"));
    if (!isV1) {
      // Of no effect where it is on already.
      Files.writeString(V2.resolve("cgroup.subtree_control"), "+memory");
    }
    var directory = Files.createDirectory((isV1 ? V1 : V2).resolve(name));
    var limit = isV1 ? "memory.limit_in_bytes" : "memory.max";
    Files.writeString(directory.resolve(limit), Long.toString(limitBytes));
    return new ControlGroup(directory, isV1);
  }

  /** The command, as one that runs in the group. */
  List<String> in(List<String> command) {
    var enter = "echo $$ >\"$0\" && exec \"$@\"";
    var before = Stream.of("sh", "-c", enter, directory.resolve("cgroup.procs").toString());
    return Stream.concat(before, command.stream()).toList();
  }

  /** What cannot be taken back: of processes, and shared memory. The page cache is not in it. */
  long unreclaimableBytes() throws IOException {
    return stat(isV1 ? "rss" : "anon") + stat("shmem");
  }

  /** How many processes were killed because there was no memory. */
  long kills() throws IOException {
    return value(directory.resolve(isV1 ? "memory.oom_control" : "memory.events"), "oom_kill");
  }

  private long stat(String key) throws IOException {
    return value(directory.resolve("memory.stat"), key);
  }

  private static long value(Path file, String key) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .map(line -> line.split(" "))
          .filter(words -> words[0].equals(key))
          .mapToLong(words -> Long.parseLong(words[1]))
          .findFirst()
          .orElseThrow(() -> new IOException(file + " has no " + key));
    }
  }

  /** Its processes must have ended. */
  @Override
  public void close() throws IOException {
    Files.delete(directory);
  }
}
