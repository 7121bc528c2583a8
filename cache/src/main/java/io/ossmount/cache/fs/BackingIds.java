package io.ossmount.cache.fs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.BackingFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache files that a session's kernel may read itself, each with the use that keeps it in the
 * cache. Thread-safe.
 *
 * <p>An id outlives its last taker for a while, because the next one is then answered at once. What
 * is kept so is bounded in number and in bytes, as it cannot be evicted.
 */
final class BackingIds implements AutoCloseable {
  /** Fetched whole when it is opened: reading one byte fetches as much. */
  static final long SMALL_BYTES = 1 << 20;

  /** Ids that nobody has taken. */
  private static final int MOST_IDLE = 8192;

  /** Part of the cache that they may hold. */
  private static final int IDLE_SHARE = 4;

  private static final long REFUSAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(BackingIds.class);

  private final BlockCache cache;
  private final BackingFiles kernel;
  private final IntSupplier sessions;

  @GuardedBy("this")
  private final Map<StoredVersion, Backed> taken = new HashMap<>();

  /** The one that was taken longest ago first. */
  @GuardedBy("this")
  private final LinkedHashMap<StoredVersion, Backed> idle = new LinkedHashMap<>();

  @GuardedBy("this")
  private long idleBytes;

  @GuardedBy("this")
  private boolean closed;

  /** Until then nothing is asked of the kernel, which has refused something. */
  private volatile long refusedUntilNanos = System.nanoTime();

  /** The last cache file that the kernel was asked to take was refused. */
  private volatile boolean refused;

  /** It was logged that it is not possible. */
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * Ids of one session.
   *
   * @param cache whose size bounds what is kept
   * @param sessions how many there are of the mount: they share what may be kept
   */
  BackingIds(BlockCache cache, BackingFiles kernel, IntSupplier sessions) {
    this.cache = cache;
    this.kernel = kernel;
    this.sessions = sessions;
  }

  /** A version that the kernel may read, as long as it is taken. */
  static final class Backed {
    private final int id;
    private final StoredVersion stored;
    private final CachedObject object;

    /** Guarded by the ids. */
    private int takers;

    private boolean dropped;

    private Backed(int id, StoredVersion stored, CachedObject object) {
      this.id = id;
      this.stored = stored;
      this.object = object;
    }

    int id() {
      return id;
    }

    StoredVersion stored() {
      return stored;
    }

    ObjectVersion version() {
      return stored.version();
    }

    private long bytes() {
      return version().size();
    }
  }

  /** Whether the kernel can be asked now to read files itself. */
  boolean isPossible() {
    if (!kernel.isPossible()) {
      // Asked when a file is opened: INIT is over.
      tellOnce("the kernel does not offer it, as Linux 6.9 and later do");
      return false;
    }
    return kernel.isReachable() && System.nanoTime() - refusedUntilNanos >= 0;
  }

  /** Whether files are read by the kernel itself, and if not, why. */
  Passthrough state() {
    if (!kernel.isPossible()) {
      return Passthrough.NOT_OFFERED;
    }
    return refused ? Passthrough.REFUSED : Passthrough.AVAILABLE;
  }

  /** Files that the kernel may read. */
  synchronized int size() {
    return taken.size() + idle.size();
  }

  /** Whether {@link #takeNow} would find it. */
  synchronized boolean isKnown(StoredVersion version) {
    return taken.containsKey(version) || idle.containsKey(version);
  }

  /** Takes a version whose id is known. */
  synchronized Optional<Backed> takeNow(StoredVersion version) {
    Backed known = taken.get(version);
    if (known == null) {
      known = idle.remove(version);
      if (known == null) {
        return Optional.empty();
      }
      idleBytes -= known.bytes();
      taken.put(version, known);
    }
    known.takers++;
    return Optional.of(known);
  }

  /**
   * Takes a version, if all of it is in the cache, or it is small and can be fetched. Waits.
   *
   * @throws StoreException.NotFound the object is gone
   * @throws StoreException.VersionChanged it has another version by now
   */
  Optional<Backed> take(StoredVersion version) {
    Optional<Backed> known = takeNow(version);
    if (known.isPresent() || !isPossible()) {
      return known;
    }
    trim();
    Optional<Backed> fresh = back(version);
    if (fresh.isEmpty()) {
      return fresh;
    }
    synchronized (this) {
      known = closed ? Optional.empty() : takeNow(version);
      if (known.isEmpty() && !closed) {
        fresh.get().takers = 1;
        taken.put(version, fresh.get());
        return fresh;
      }
    }
    close(fresh.get());
    return known;
  }

  /** Takes the id that an earlier server of the session has given a version. */
  synchronized Backed adopt(int id, StoredVersion version) {
    // Else its file may be one that was deleted meanwhile.
    boolean isKept = version.blocks().isHereOrInUse(version.version());
    Backed known = taken.computeIfAbsent(version, of -> new Backed(id, of, open(of)));
    known.dropped |= !isKept;
    known.takers++;
    return known;
  }

  /** Takes back an id of an earlier server. */
  void closeInherited(int id) {
    kernel.close(id);
  }

  /** One taker less. */
  void release(Backed backed) {
    List<Backed> leaving = new ArrayList<>();
    synchronized (this) {
      if (--backed.takers > 0 || !taken.remove(backed.stored, backed)) {
        return;
      }
      long most = mostIdleBytes();
      if (backed.dropped || backed.bytes() > most) {
        leaving.add(backed);
      } else {
        idle.put(backed.stored, backed);
        idleBytes += backed.bytes();
        trim(most, leaving);
      }
    }
    leaving.forEach(this::close);
  }

  /** A version is not wanted any more by who does not have it. */
  void drop(StoredVersion version) {
    Backed kept;
    synchronized (this) {
      Backed used = taken.get(version);
      if (used != null) {
        used.dropped = true;
      }
      kept = idle.remove(version);
      if (kept != null) {
        idleBytes -= kept.bytes();
      }
    }
    if (kept != null) {
      close(kept);
    }
  }

  /** No version is wanted any more by who does not have it. */
  void dropAll() {
    List<Backed> leaving;
    synchronized (this) {
      taken.values().forEach(used -> used.dropped = true);
      leaving = List.copyOf(idle.values());
      idle.clear();
      idleBytes = 0;
    }
    leaving.forEach(this::close);
  }

  /**
   * The session is over for this process. Its ids go with the connection, or are taken back by who
   * finds the next server.
   */
  @Override
  public synchronized void close() {
    closed = true;
    taken.values().forEach(backed -> backed.object.close());
    taken.clear();
    idle.values().forEach(backed -> backed.object.close());
    idle.clear();
    idleBytes = 0;
  }

  /** What may be kept of a disk that has become full is less than it was. */
  private void trim() {
    List<Backed> leaving = new ArrayList<>();
    synchronized (this) {
      trim(mostIdleBytes(), leaving);
    }
    leaving.forEach(this::close);
  }

  private long mostIdleBytes() {
    return cache.usage().capacityBytes() / IDLE_SHARE / Math.max(1, sessions.getAsInt());
  }

  @GuardedBy("this")
  private void trim(long mostBytes, List<Backed> leaving) {
    Iterator<Backed> oldest = idle.values().iterator();
    while ((idle.size() > MOST_IDLE || idleBytes > mostBytes) && oldest.hasNext()) {
      Backed next = oldest.next();
      oldest.remove();
      idleBytes -= next.bytes();
      leaving.add(next);
    }
  }

  private static CachedObject open(StoredVersion version) {
    return version.blocks().open(version.version());
  }

  private Optional<Backed> back(StoredVersion version) {
    CachedObject object = open(version);
    Optional<Backed> backed = Optional.empty();
    try {
      Optional<Path> whole = whole(object);
      if (whole.isPresent()) {
        backed = Optional.of(new Backed(kernel.open(whole.get()), version, object));
        refused = false;
        told.set(false);
      }
      return backed;
    } catch (InterruptedIOException | BackingFiles.Away e) {
      // Who wanted it has gone, or who was asked: that says nothing about the next.
      return Optional.empty();
    } catch (IOException e) {
      refusedUntilNanos = System.nanoTime() + REFUSAL_NANOS;
      refused = true;
      tellOnce(String.valueOf(e.getMessage()));
      return Optional.empty();
    } finally {
      if (backed.isEmpty()) {
        object.close();
      }
    }
  }

  /** Once, until it works again. */
  private void tellOnce(String why) {
    if (told.compareAndSet(false, true)) {
      LOG.warn("cached files are read by requests, not in passthrough: {}", why);
    }
  }

  private static Optional<Path> whole(CachedObject object) {
    Optional<Path> whole = object.whole();
    if (whole.isPresent() || object.version().size() > SMALL_BYTES) {
      return whole;
    }
    object.fetchAll();
    return object.whole();
  }

  private void close(Backed backed) {
    kernel.close(backed.id);
    backed.object.close();
  }
}
