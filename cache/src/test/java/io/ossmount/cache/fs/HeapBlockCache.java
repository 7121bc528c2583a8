package io.ossmount.cache.fs;

import io.ossmount.cache.block.AheadBudget;
import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A block cache in memory that keeps whole objects, and drops none that is open; one that a killed
 * process had open counts as open.
 */
final class HeapBlockCache implements BlockCache {
  private final ObjectStore store;
  private final AheadBudget ahead = new AheadBudget(256 << 20);
  private final Map<ObjectVersion, byte[]> whole = new ConcurrentHashMap<>();
  private final Map<ObjectVersion, byte[]> dropped = new ConcurrentHashMap<>();
  private final Map<ObjectVersion, Integer> uses = new ConcurrentHashMap<>();
  private final Map<ObjectVersion, Object> fetching = new ConcurrentHashMap<>();

  /** It has no room for more. */
  volatile boolean isFull;

  HeapBlockCache(ObjectStore store) {
    this.store = store;
  }

  boolean holds(ObjectVersion version) {
    return whole.containsKey(version);
  }

  @Override
  public CachedObject open(ObjectVersion version) {
    return new Opened(version);
  }

  @Override
  public void adopt(ObjectVersion version, Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != version.size()) {
        throw new IllegalStateException(file + " is not of the size of " + version);
      }
      whole.put(version, bytes);
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void drop(ObjectVersion version) {
    byte[] bytes = whole.remove(version);
    if (bytes != null && uses.containsKey(version)) {
      dropped.put(version, bytes);
    }
  }

  @Override
  public boolean isHereOrInUse(ObjectVersion version) {
    return whole.containsKey(version);
  }

  @Override
  public long cachedBytes(ObjectVersion version) {
    return whole.containsKey(version) ? version.size() : 0;
  }

  @Override
  public AheadBudget ahead() {
    return ahead;
  }

  @Override
  public CacheUsage usage() {
    return new CacheUsage(0, 0, 0, 0, 0);
  }

  @Override
  public void close() {
    whole.clear();
  }

  /** However many want it. */
  private byte[] fetchOnce(ObjectVersion version) {
    synchronized (fetching.computeIfAbsent(version, _ -> new Object())) {
      byte[] there = whole.get(version);
      byte[] bytes = there == null ? fetch(version) : there;
      whole.put(version, bytes);
      return bytes;
    }
  }

  private byte[] fetch(ObjectVersion version) {
    ByteBuffer bytes = ByteBuffer.allocate((int) version.size());
    try (ObjectBody body = store.get(version, 0, version.size())) {
      int count = 1;
      while (bytes.hasRemaining() && count > 0) {
        count = body.read(bytes);
      }
    }
    return bytes.array();
  }

  private static @Nullable Integer unlessNone(int uses, int change) {
    return uses + change == 0 ? null : uses + change;
  }

  private final class Opened implements CachedObject {
    private final ObjectVersion version;
    private byte[] mine = new byte[0];
    private boolean closed;

    Opened(ObjectVersion version) {
      this.version = version;
      uses.merge(version, 1, Integer::sum);
      mine = whole.getOrDefault(version, dropped.getOrDefault(version, mine));
    }

    @Override
    public ObjectVersion version() {
      return version;
    }

    @Override
    public int readCached(long offset, MemorySegment into) {
      if (closed) {
        throw new IllegalStateException("read after close: " + version);
      }
      if (mine.length == 0 && version.size() > 0) {
        return -1;
      }
      int count = (int) Math.max(0, Math.min(into.byteSize(), version.size() - offset));
      MemorySegment.copy(
          MemorySegment.ofArray(mine), Math.min(offset, mine.length), into, 0, count);
      return count;
    }

    @Override
    public synchronized int read(long offset, MemorySegment into) {
      if (mine.length == 0 && isFull) {
        int count = (int) Math.max(0, Math.min(into.byteSize(), version.size() - offset));
        MemorySegment.copy(MemorySegment.ofArray(fetch(version)), offset, into, 0, count);
        return count;
      }
      if (mine.length == 0) {
        mine = fetchOnce(version);
      }
      return readCached(offset, into);
    }

    @Override
    public Optional<Path> whole() {
      return Optional.empty();
    }

    @Override
    public void fetchAll() {
      read(0, MemorySegment.ofArray(new byte[0]));
    }

    @Override
    public void close() {
      if (!closed && uses.merge(version, -1, HeapBlockCache::unlessNone) == null) {
        dropped.remove(version);
      }
      closed = true;
    }
  }
}
