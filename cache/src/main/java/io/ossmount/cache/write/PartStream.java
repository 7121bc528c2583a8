package io.ossmount.cache.write;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Part;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * The parts of a new file that go up while its writer, who writes from beginning to end, goes on.
 * They belong to an upload that nobody sees until it is completed. Thread-safe.
 *
 * <p>A part that is written to again after it went up is forgotten, and sent again when the upload
 * ends; while it is {@link #isBusy on its way} it must not be written to.
 */
public final class PartStream {
  private final ObjectStore store;
  private final Settlement settlement;
  private final StagedFile file;
  private final String key;
  private final ObjectMetadata metadata;
  private final long partBytes;
  private final Semaphore permits;
  private final ExecutorService threads;
  private final CompletableFuture<String> upload;
  private final TreeMap<Integer, CompletableFuture<Part>> parts = new TreeMap<>();
  private boolean over;

  PartStream(Uploader uploader, StagedFile file, String key, ObjectMetadata metadata) {
    this.store = uploader.store();
    this.settlement = uploader.settlement();
    this.file = file;
    this.key = key;
    this.metadata = metadata;
    this.partBytes = uploader.partBytes();
    this.permits = uploader.permits();
    this.threads = uploader.threads();
    this.upload =
        CompletableFuture.supplyAsync(
            () -> settlement.begin(file.journal(), key, metadata), threads);
  }

  /** Starts to send the parts that are whole, as many as may go up at once. Never waits. */
  synchronized void advance(long sequentialBytes) {
    int next = parts.isEmpty() ? 1 : parts.lastKey() + 1;
    while (!over
        && next <= UploadPlan.MAX_PARTS
        && next * partBytes <= sequentialBytes
        && permits.tryAcquire()) {
      int number = next++;
      parts.put(
          number,
          upload
              .thenApplyAsync(id -> send(id, number), threads)
              .whenComplete((part, failure) -> permits.release()));
    }
  }

  private Part send(String id, int number) {
    long offset = (number - 1) * partBytes;
    return store.uploadPart(key, id, number, new Content.OfFile(file.channel(), offset, partBytes));
  }

  /** Whether a range has a part that is on its way. */
  public synchronized boolean isBusy(long start, long end) {
    return touched(start, end).values().stream().anyMatch(part -> !part.isDone());
  }

  /** Waits until no part of a range is on its way. */
  public void await(long start, long end) {
    CompletableFuture<?>[] under;
    synchronized (this) {
      under = touched(start, end).values().toArray(CompletableFuture<?>[]::new);
    }
    CompletableFuture.allOf(under).exceptionally(failure -> null).join();
  }

  /** Forgets the parts of a range, which is changed; none of them is on its way. */
  public synchronized void changed(long start, long end) {
    touched(start, end).clear();
  }

  private Map<Integer, CompletableFuture<Part>> touched(long start, long end) {
    if (start >= end) {
      return new TreeMap<>();
    }
    int first = partAt(start);
    int last = partAt(end - 1);
    return parts.subMap(first, true, Math.max(first, last), true);
  }

  private int partAt(long offset) {
    return (int) Math.min(UploadPlan.MAX_PARTS, offset / partBytes) + 1;
  }

  /** Size of its parts but the last one. */
  long partBytes() {
    return partBytes;
  }

  /** What the upload says about the object. */
  ObjectMetadata metadata() {
    return metadata;
  }

  /** Id of the upload; waits for it. */
  String upload() {
    return join(upload);
  }

  /** The part of this number, if it went up as it is now; waits for it. */
  Optional<Part> part(int number) {
    CompletableFuture<Part> part;
    synchronized (this) {
      over = true;
      part = parts.get(number);
    }
    return Optional.ofNullable(part).map(PartStream::join);
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Gives up: waits for the parts that are on their way, and ends the upload. */
  public void abort() {
    synchronized (this) {
      over = true;
    }
    await(0, Long.MAX_VALUE);
    if (!upload.exceptionally(failure -> "").join().isEmpty()) {
      settlement.end(file.journal(), key, upload.join());
    }
  }
}
