package io.ossmount.cache.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries again what failed for a reason that may pass, within the operation time-out. Every call of
 * the contract can be repeated; the one that cannot be told from its own success, the end of an
 * upload, is looked after. Also cuts large copies into parts. Thread-safe.
 */
public final class RetryingObjectStore implements ObjectStore {
  /** A check is repeated by who asks for it. */
  private static final int CHECK_TRIES = 2;

  private static final Duration CHECK_LIMIT = Duration.ofSeconds(20);

  private final ObjectStore store;
  private final Supplier<Duration> operationTimeout;
  private final Consumer<StoreException> onFailure;

  /**
   * Makes one.
   *
   * @param operationTimeout asked before each call
   * @param onFailure told of each failure that is given up on, such as to look what is wrong
   */
  public RetryingObjectStore(
      ObjectStore store, Supplier<Duration> operationTimeout, Consumer<StoreException> onFailure) {
    this.store = store;
    this.operationTimeout = operationTimeout;
    this.onFailure = onFailure;
  }

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    return repeatedly("LIST " + prefix, () -> store.list(prefix, delimited, continuation, maxKeys));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return repeatedly("HEAD " + key, () -> store.head(key));
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    return reporting(
        () -> new ResumingBody(store, version, offset, length, operationTimeout.get(), onFailure));
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    return repeatedly("PUT " + key, () -> store.put(key, content, metadata, overwrite));
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    return source.size() > LargeCopy.PART_BYTES
        ? new LargeCopy(this, source, target).run(metadata)
        : repeatedly("COPY to " + target, () -> store.copy(source, target, metadata));
  }

  @Override
  public void delete(String key) {
    repeatedly(
        "DELETE " + key,
        () -> {
          store.delete(key);
          return true;
        });
  }

  @Override
  public void deleteAll(List<String> keys) {
    repeatedly(
        "DELETE of %d objects".formatted(keys.size()),
        () -> {
          store.deleteAll(keys);
          return true;
        });
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    return repeatedly("upload of " + key, () -> store.startUpload(key, metadata));
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    return repeatedly("part of " + key, () -> store.uploadPart(key, upload, number, content));
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    return repeatedly(
        "part of " + key, () -> store.copyPart(key, upload, number, source, offset, length));
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    boolean[] failedBefore = {false};
    return repeatedly(
        "upload of " + key,
        () -> {
          try {
            return store.completeUpload(key, upload, parts, overwrite);
          } catch (StoreException.Invalid e) {
            // The upload is gone. When an answer was lost, that is because it was completed.
            if (failedBefore[0]) {
              return completed(key, parts).orElseThrow(() -> e);
            }
            throw e;
          } catch (StoreException e) {
            failedBefore[0] = true;
            throw e;
          }
        });
  }

  @Override
  public void abortUpload(String key, String upload) {
    repeatedly(
        "end of the upload of " + key,
        () -> {
          store.abortUpload(key, upload);
          return true;
        });
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    return repeatedly("uploads of " + key, () -> store.uploads(key));
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    Duration limit = operationTimeout.get();
    return repeatedly(
        "check of " + prefix,
        new Retries(
            Deadline.in(limit.compareTo(CHECK_LIMIT) < 0 ? limit : CHECK_LIMIT), CHECK_TRIES),
        () -> store.check(prefix, writing));
  }

  /** The object, if it is what these parts make. */
  private Optional<ObjectInfo> completed(String key, List<Part> parts) {
    long size = parts.stream().mapToLong(Part::size).sum();
    Optional<Long> crc64 = Part.crc64(parts);
    return store
        .head(key)
        .filter(info -> info.size() == size && crc64.isPresent() && info.crc64().equals(crc64));
  }

  private <T> T repeatedly(String doing, Supplier<T> work) {
    return reporting(
        () -> repeatedly(doing, new Retries(Deadline.in(operationTimeout.get())), work));
  }

  private static <T> T repeatedly(String doing, Retries retries, Supplier<T> work) {
    while (true) {
      try {
        return Attempt.run(doing, retries.deadline().left(), work);
      } catch (StoreException e) {
        retries.pauseAfter(e);
      }
    }
  }

  private <T> T reporting(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreException e) {
      onFailure.accept(e);
      throw e;
    }
  }
}
