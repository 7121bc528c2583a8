package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.OpenVersion.Surroundings;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The versions in use and who uses them: readers have them open, fetches and checksums keep them
 * until they have ended. Thread-safe.
 *
 * <p>Order of locks: that of a version's blocks, then this one, then {@link Space}. Where a
 * version's is taken second, nobody else can know the version; {@link #end} ends versions that have
 * readers, and so without this lock.
 */
final class OpenVersions implements OpenVersion.Uses {
  private final String bucket;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Map<ObjectVersion, Use> open = new HashMap<>();

  private volatile boolean closed;

  OpenVersions(String bucket) {
    this.bucket = bucket;
  }

  /** A version and how many use it. */
  private static final class Use {
    private final OpenVersion version;
    private final VersionName name;
    private int references;
    private int readers;
    private boolean dropped;

    Use(OpenVersion version, VersionName name) {
      this.version = version;
      this.name = name;
    }
  }

  /** One more reader. */
  OpenVersion open(Surroundings around, ObjectVersion version) {
    lock.lock();
    try {
      Use use = open.computeIfAbsent(version, absent -> use(around, absent));
      use.references++;
      use.readers++;
      return use.version;
    } finally {
      lock.unlock();
    }
  }

  /** One reader less. */
  void close(OpenVersion version) {
    lock.lock();
    try {
      Use use = open.get(version.version());
      if (use != null && use.version == version) {
        use.readers--;
        release(use);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is kept of a version, at once or when it is not used any more. */
  void drop(Space space, ObjectVersion version) {
    lock.lock();
    try {
      Use use = open.get(version);
      if (use == null) {
        long _ = space.forget(VersionName.of(bucket, version));
      } else {
        use.dropped = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Marks all versions in use: they are forgotten when they are not used any more.
   *
   * @param used takes their names
   * @return names of those that are kept and not in use, at the same moment
   */
  List<VersionName> dropUsed(Space space, Consumer<VersionName> used) {
    lock.lock();
    try {
      for (Use use : open.values()) {
        use.dropped = true;
        used.accept(use.name);
      }
      return space.closedNames();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets versions, at once or when they are not used any more. Few at a time: nobody begins or
   * ends to use a version meanwhile. By one thread at a time: it takes the locks of all buckets, as
   * a name does not tell of which it is.
   *
   * @param buckets all that there are
   * @param used takes the names of those in use
   * @return bytes that those took which were forgotten at once
   */
  static long drop(
      List<OpenVersions> buckets,
      Space space,
      List<VersionName> names,
      Consumer<VersionName> used) {
    buckets.forEach(bucket -> bucket.lock.lock());
    try {
      Map<VersionName, Use> inUse = byName(buckets);
      long bytes = 0;
      for (VersionName name : names) {
        Use use = inUse.get(name);
        if (use == null) {
          bytes += space.forget(name);
        } else {
          use.dropped = true;
          used.accept(name);
        }
      }
      return bytes;
    } finally {
      buckets.forEach(bucket -> bucket.lock.unlock());
    }
  }

  @SuppressWarnings("GuardedBy") // The caller has the locks of all.
  private static Map<VersionName, Use> byName(List<OpenVersions> buckets) {
    Map<VersionName, Use> inUse = new HashMap<>();
    for (OpenVersions bucket : buckets) {
      bucket.open.values().forEach(use -> inUse.put(use.name, use));
    }
    return inUse;
  }

  /**
   * Takes over a file that holds all of a version, for which room was reserved.
   *
   * @return false: the version is in use already, or nothing new may begin
   */
  boolean adopt(Surroundings around, ObjectVersion version, Path file, long reservedBytes)
      throws IOException {
    lock.lock();
    try {
      if (closed || open.containsKey(version)) {
        return false;
      }
      long _ = around.space().forget(VersionName.of(bucket, version));
      Use use = use(around, version);
      open.put(version, use);
      use.references++;
      try {
        use.version.adopt(file, reservedBytes);
      } finally {
        release(use);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a version is in use, or all of it is on disk. */
  boolean isHereOrInUse(Space space, ObjectVersion version) {
    lock.lock();
    try {
      return open.containsKey(version)
          || space.keeps(VersionName.of(bucket, version), OpenVersion.bytesOf(version));
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that a version takes on disk, in use or not. */
  long bytesOnDisk(Space space, ObjectVersion version) {
    OpenVersion inUse;
    lock.lock();
    try {
      Use use = open.get(version);
      if (use == null) {
        return space.bytesOf(VersionName.of(bucket, version));
      }
      inUse = use.version;
    } finally {
      lock.unlock();
    }
    // Its own lock comes before this one.
    return inUse.bytesOnDisk();
  }

  /** Whether something goes on that no reader is told of. */
  boolean isBusy() {
    lock.lock();
    try {
      return isBusyLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing new begin, waits so long for what goes on, and ends all versions. */
  void end(long nanos) {
    closed = true;
    List<Use> rest;
    lock.lock();
    try {
      awaitQuiet(nanos);
      rest = List.copyOf(open.values());
      open.clear();
    } finally {
      lock.unlock();
    }
    // A reader may be about to fetch, with the lock of the version's blocks, and ask for this one.
    rest.forEach(use -> use.version.end(use.dropped));
  }

  @GuardedBy("lock")
  private void awaitQuiet(long nanos) {
    try {
      long left = nanos;
      while (isBusyLocked() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isWanted(OpenVersion version) {
    lock.lock();
    try {
      Use use = open.get(version.version());
      return !closed && use != null && use.version == version && use.readers > 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void retain(OpenVersion version) {
    lock.lock();
    try {
      Use use = open.get(version.version());
      if (use != null && use.version == version) {
        use.references++;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(OpenVersion version) {
    lock.lock();
    try {
      Use use = open.get(version.version());
      if (use != null && use.version == version) {
        release(use);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void release(Use use) {
    use.references--;
    if (use.references == 0 && open.remove(use.version.version(), use)) {
      use.version.end(use.dropped);
    }
    changed.signalAll();
  }

  @GuardedBy("lock")
  private boolean isBusyLocked() {
    return open.values().stream().anyMatch(use -> use.references > use.readers);
  }

  private Use use(Surroundings around, ObjectVersion version) {
    VersionName name = VersionName.of(bucket, version);
    return new Use(new OpenVersion(around, version, name, around.space().pin(name)), name);
  }
}
