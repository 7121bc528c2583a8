package io.ossmount.cache.store;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * A copy in parts, some at a time: OSS answers a copy only when it is done, and takes at most 1
 * GiB. The content type becomes the one that OSS gives to the target's name.
 */
final class LargeCopy {
  /** Also the most that is copied by one request. */
  static final long PART_BYTES = 128L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final int AT_A_TIME = 4;

  private final ObjectStore store;
  private final ObjectVersion source;
  private final String target;

  LargeCopy(ObjectStore store, ObjectVersion source, String target) {
    this.store = store;
    this.source = source;
    this.target = target;
  }

  ObjectInfo run(Optional<ObjectMetadata> metadata) {
    ObjectMetadata carried = metadata.orElseGet(this::ofSource);
    String upload = store.startUpload(target, carried);
    try {
      ObjectInfo copied = store.completeUpload(target, upload, copyParts(upload));
      return new ObjectInfo(
          copied.version(), copied.modified(), Optional.of(carried.user()), copied.crc64());
    } catch (StoreException e) {
      abort(upload, e);
      throw e;
    }
  }

  private ObjectMetadata ofSource() {
    ObjectInfo info =
        store
            .head(source.key())
            .orElseThrow(() -> new StoreException.NotFound("COPY of " + source.key()));
    return new ObjectMetadata(Optional.empty(), info.user().orElseThrow());
  }

  private List<Part> copyParts(String upload) {
    long partBytes = Math.max(PART_BYTES, source.size() / MOST_PARTS + 1);
    List<Future<Part>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, virtual())) {
      for (long at = 0; at < source.size(); at += partBytes) {
        int number = running.size() + 1;
        long offset = at;
        long length = Math.min(partBytes, source.size() - at);
        running.add(
            threads.submit(() -> store.copyPart(target, upload, number, source, offset, length)));
      }
      List<Part> parts = new ArrayList<>();
      try {
        for (Future<Part> part : running) {
          parts.add(part.get());
        }
        return parts;
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw e.getCause() instanceof StoreException known
            ? known
            : new StoreException.Unreachable("COPY to " + target, e);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new StoreException.Interrupted("COPY to " + target);
      }
    }
  }

  private void abort(String upload, StoreException why) {
    try {
      store.abortUpload(target, upload);
    } catch (StoreException e) {
      why.addSuppressed(e);
    }
  }

  private static ThreadFactory virtual() {
    return Thread.ofVirtual().name("copy-", 0).factory();
  }
}
