package io.ossmount.cache.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who may change which names now. An operation locks all its paths at once, so that two never wait
 * for each other; a path excludes itself and everything below it. Thread-safe.
 */
final class PathLocks {
  private final List<Held> held = new ArrayList<>();

  /** Locked paths; to be closed by whoever locked them. */
  final class Held implements AutoCloseable {
    private final List<String> paths;

    private Held(List<String> paths) {
      this.paths = paths;
    }

    @Override
    public void close() {
      release(this);
    }
  }

  /** Waits, also when interrupted, until no one else has one of these keys, or one below. */
  Held lock(String... keys) {
    List<String> paths = new ArrayList<>();
    for (String key : keys) {
      paths.add(key.endsWith("/") ? key.substring(0, key.length() - 1) : key);
    }
    Held mine = new Held(paths);
    boolean interrupted = false;
    synchronized (this) {
      while (isTaken(mine)) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      held.add(mine);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mine;
  }

  /**
   * Does something with the key that is locked; a key that changes while it waits is read again.
   */
  <T> T with(Supplier<String> key, Function<String, T> work) {
    while (true) {
      String wanted = key.get();
      try (var _ = lock(wanted)) {
        if (key.get().equals(wanted)) {
          return work.apply(wanted);
        }
      }
    }
  }

  private boolean isTaken(Held mine) {
    for (Held other : held) {
      for (String theirs : other.paths) {
        if (mine.paths.stream().anyMatch(path -> excludes(path, theirs))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean excludes(String one, String other) {
    return isWithin(one, other) || isWithin(other, one);
  }

  private static boolean isWithin(String path, String top) {
    return path.startsWith(top)
        && (path.length() == top.length() || path.charAt(top.length()) == '/');
  }

  private synchronized void release(Held mine) {
    held.remove(mine);
    notifyAll();
  }
}
