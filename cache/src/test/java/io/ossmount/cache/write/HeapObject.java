package io.ossmount.cache.write;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/** A version all of whose bytes are at hand. */
final class HeapObject implements CachedObject {
  private final ObjectVersion version;
  private final byte[] bytes;

  HeapObject(ObjectVersion version, byte[] bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  @Override
  public ObjectVersion version() {
    return version;
  }

  @Override
  public int readCached(long offset, MemorySegment into) {
    return read(offset, into);
  }

  @Override
  public int read(long offset, MemorySegment into) {
    int count = (int) Math.min(into.byteSize(), bytes.length - offset);
    MemorySegment.copy(MemorySegment.ofArray(bytes), offset, into, 0, count);
    return count;
  }

  @Override
  public Optional<Path> whole() {
    return Optional.empty();
  }

  @Override
  public void fetchAll() {}

  @Override
  public void close() {}
}
