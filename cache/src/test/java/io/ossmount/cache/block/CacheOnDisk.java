package io.ossmount.cache.block;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache in a directory of the disk, and a store that it reads from. */
@Timeout(60)
abstract class CacheOnDisk {
  static final int MIB = 1 << 20;

  @TempDir Path temporary;
  final InMemoryObjectStore store = new InMemoryObjectStore();
  Path directory = Path.of("unset");
  DiskBlockCache cache = unset();

  @BeforeEach
  void begin() throws IOException {
    directory = temporary.resolve("cache");
    cache = start(100L * MIB);
  }

  @AfterEach
  void end() {
    cache.close();
  }

  boolean cacheIsBusy() {
    return cache.isFetching();
  }

  byte[] readAll(ObjectVersion version) {
    byte[] bytes = new byte[(int) version.size()];
    try (CachedObject object = cache.open(version)) {
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(128 << 10, bytes.length - at);
        MemorySegment into = MemorySegment.ofArray(bytes).asSlice(at, length);
        int read = object.readCached(at, into);
        at += read < 0 ? object.read(at, into) : read;
      }
    }
    return bytes;
  }

  DiskBlockCache start(long sizeBytes) throws IOException {
    DiskBlockCache started =
        DiskBlockCache.start(directory, "b", store, new CacheLimits(sizeBytes, 0, 256L << 20));
    Awaitility.await().pollDelay(Duration.ZERO).until(started::isReady);
    return started;
  }

  void restart(long sizeBytes) throws IOException {
    cache.close();
    cache = start(sizeBytes);
  }

  boolean anyFile() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().contains("."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> List<T> together(int count, Callable<T> work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(Collections.nCopies(count, work))) {
        results.add(future.get());
      }
      return results;
    }
  }

  byte[] hashOf(ObjectVersion version) {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[128 << 10];
    try (CachedObject object = cache.open(version)) {
      for (long at = 0; at < version.size(); ) {
        int read = object.read(at, MemorySegment.ofArray(chunk));
        digest.update(chunk, 0, read);
        at += read;
      }
    }
    return digest.digest();
  }

  static byte[] hash(byte[] bytes) {
    return sha256().digest(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @SuppressWarnings("NullAway") // set before each test
  static DiskBlockCache unset() {
    return null;
  }
}
