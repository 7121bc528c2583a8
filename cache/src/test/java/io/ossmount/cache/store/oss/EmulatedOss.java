package io.ossmount.cache.store.oss;

import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.emulator.OssEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An emulator with a bucket and a key, and the settings that lead to it. */
public final class EmulatedOss implements AutoCloseable {
  public static final String BUCKET = "bucket";
  public static final String REGION = "cn-hangzhou";
  public static final Credentials CREDENTIALS = new Credentials("id", "secret", Optional.empty());
  public static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10));

  private final OssEmulator emulator;

  /** Starts one that keeps its objects in {@code directory}. */
  public EmulatedOss(Path directory) {
    try {
      emulator =
          OssEmulator.builder()
              .directory(directory)
              .bucket(BUCKET)
              .accessKey(CREDENTIALS.accessKeyId(), CREDENTIALS.accessKeySecret())
              .region(REGION)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The emulator itself. */
  public OssEmulator emulator() {
    return emulator;
  }

  /** Where its bucket is, with path-style access. */
  public Source source() {
    return source(BUCKET, CREDENTIALS);
  }

  /** Where a bucket is, with other credentials. */
  public Source source(String bucket, Credentials credentials) {
    return new Source(
        bucket, "", URI.create(emulator.endpoint()), REGION, true, Optional.of(credentials));
  }

  /** A store on its bucket. */
  public OssObjectStore store() {
    return OssObjectStore.connect(source(), TIMEOUTS);
  }

  /** Puts an object. */
  public void put(String key, byte[] bytes) {
    try (OssObjectStore store = store()) {
      store.put(key, new Content.OfBuffer(ByteBuffer.wrap(bytes)), ObjectMetadata.NONE);
    }
  }

  /** Puts many objects of the same bytes. */
  public void putAll(List<String> keys, byte[] bytes) {
    try (OssObjectStore store = store()) {
      keys.parallelStream()
          .forEach(key ->
              store.put(key, new Content.OfBuffer(ByteBuffer.wrap(bytes)), ObjectMetadata.NONE));
    }
  }

  /** Bytes of an object. */
  public byte[] get(String key) {
    try (OssObjectStore store = store()) {
      ObjectVersion version = store.head(key).orElseThrow().version();
      ByteBuffer bytes = ByteBuffer.allocate((int) version.size());
      try (ObjectBody body = store.get(version, 0, Math.max(1, version.size()))) {
        while (body.read(bytes) >= 0) {
          // All of it.
        }
      }
      return bytes.array();
    }
  }

  @Override
  public void close() {
    emulator.close();
  }
}
