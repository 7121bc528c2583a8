package io.ossmount.cache.selftest;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Small things that tests do with objects, and with files that are objects. */
final class StoredObjects {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MOST_KEYS = 1000;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private StoredObjects() {}

  static ObjectVersion put(ObjectStore store, String key, byte[] bytes) {
    return store.put(key, content(bytes), ObjectMetadata.NONE).version();
  }

  static Content content(byte[] bytes) {
    return new Content.OfBuffer(ByteBuffer.wrap(bytes));
  }

  /** A range of an object; shorter when the object is. */
  static byte[] get(ObjectStore store, ObjectVersion version, long offset, int length) {
    int there = (int) Math.min(length, version.size() - offset);
    if (there <= 0) {
      return new byte[0];
    }
    ByteBuffer bytes = ByteBuffer.allocate(there);
    try (ObjectBody body = store.get(version, offset, there)) {
      while (bytes.hasRemaining() && body.read(bytes) >= 0) {
        // Until all of it is there.
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  static ObjectInfo head(ObjectStore store, String key) throws Check.CheckFailed {
    Optional<ObjectInfo> info = store.head(key);
    Check.that(info.isPresent(), "there is no object %s", key);
    return info.orElseThrow();
  }

  /** CRC64 of an object: what OSS tells of it, else that of its bytes. */
  static long crc64(ObjectStore store, ObjectInfo info) {
    if (info.crc64().isPresent()) {
      return info.crc64().get();
    }
    Crc64 crc = new Crc64();
    for (long at = 0; at < info.size(); at += CHUNK_BYTES) {
      crc.update(ByteBuffer.wrap(get(store, info.version(), at, CHUNK_BYTES)));
    }
    return crc.value();
  }

  /** CRC64 of a file's bytes as the mount gives them. */
  static long crc64(Path file) throws IOException {
    Crc64 crc = new Crc64();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(chunk.clear()) >= 0) {
        crc.update(chunk.flip());
      }
    }
    return crc.value();
  }

  /** First page of what is directly below a prefix. */
  static ListPage list(ObjectStore store, String prefix) {
    return store.list(prefix, true, Optional.empty(), MOST_KEYS);
  }

  /**
   * Waits until the object has these bytes.
   *
   * @param patience zero: it must have them now
   */
  static void await(ObjectStore store, String key, byte[] bytes, Duration patience)
      throws Check.CheckFailed, InterruptedException {
    long crc = Crc64.of(ByteBuffer.wrap(bytes));
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<ObjectInfo> info = store.head(key);
      if (info.isPresent()
          && info.get().size() == bytes.length
          && crc64(store, info.get()) == crc) {
        return;
      }
      Check.that(
          System.nanoTime() < end,
          info.isEmpty()
              ? "the file was stored without an error, and there is no object %s"
              : "the object %s has other bytes than the file that was stored without an error",
          key);
      Thread.sleep(PAUSE);
    }
  }
}
