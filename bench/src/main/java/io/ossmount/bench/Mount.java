package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bucket, mounted by one program, which keeps what it caches in a directory of its own. */
final class Mount implements AutoCloseable {
  private final Program program;
  private final Place place;
  private @Nullable Child child;

  /**
   * Where a mount is.
   *
   * @param point where its files are
   * @param cache directory that it keeps
   * @param log what it says
   */
  record Place(Path point, Path cache, Path log) {
    static Place below(Path work, Side side) throws IOException {
      return below(work, side.name().toLowerCase(java.util.Locale.ROOT));
    }

    static Place below(Path work, String name) throws IOException {
      return new Place(
          Files.createDirectories(work.resolve("mnt-" + name)),
          Files.createDirectories(work.resolve("cache-" + name)),
          work.resolve(name + ".log"));
    }
  }

  Mount(Program program, Place place) {
    this.program = program;
    this.place = place;
  }

  /** The same program at another place, with more options; not started. */
  Mount elsewhere(Place other, List<String> options) {
    List<String> command = new ArrayList<>();
    for (String word : program.command()) {
      command.add(
          word.equals(place.point.toString())
              ? other.point.toString()
              : word.replace(place.cache.toString(), other.cache.toString()));
    }
    command.addAll(options);
    return new Mount(
        new Program(program.side(), command, program.environment(), program.version()), other);
  }

  Side side() {
    return program.side();
  }

  Path point() {
    return place.point();
  }

  /** Starts the program and waits for its mount. */
  void start() throws IOException, InterruptedException {
    Child started = Child.start(program.command(), program.environment(), place.log());
    child = started;
    started.await(() -> isMounted(place.point()));
  }

  /**
   * Ends it, empties its cache and mounts again: the next read is cold. The new process has read
   * and listed other files by then, as one that has been running for a while.
   */
  double cold() throws IOException, InterruptedException {
    empty();
    start();
    readOthers();
    Machine.dropCaches();
    return 0;
  }

  /** Reads and lists what nobody measures. */
  void readOthers() throws IOException, InterruptedException {
    FileWork.readAll(point().resolve(Data.OTHER), Data.SMALL_BYTES, 4);
    FileWork.list(point().resolve(Data.OTHER_TREE), Data.OTHER_TREE_FILES);
  }

  /**
   * Ends it and empties its cache. The old one is put aside, not deleted: for minutes ext4 passes
   * over each inode that was deleted whenever it looks for a free one.
   */
  double empty() throws IOException, InterruptedException {
    close();
    Path aside = Files.createTempDirectory(place.cache().toAbsolutePath().getParent(), "emptied-");
    Files.move(place.cache(), aside.resolve("cache"));
    Files.createDirectories(place.cache());
    return 0;
  }

  /** CPU time of its process so far. */
  double cpuSeconds() throws IOException {
    return process().cpuSeconds();
  }

  /** Memory that its process has in RAM. */
  double residentMebibytes() throws IOException {
    return process().residentMebibytes();
  }

  Child process() throws IOException {
    if (child == null) {
      throw new IOException(side().title() + " is not running");
    }
    return child;
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
      child = null;
    }
    if (isMounted(place.point())) {
      Machine.unmount(place.point());
    }
  }

  private static boolean isMounted(Path point) {
    try {
      return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + point + " ");
    } catch (IOException unreadable) {
      return false;
    }
  }
}
