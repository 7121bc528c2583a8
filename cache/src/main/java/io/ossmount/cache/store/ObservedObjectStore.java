package io.ossmount.cache.store;

import io.ossmount.cache.store.StoreObserver.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells of each request to a store. To stand below {@link RetryingObjectStore}, so that each try is
 * a request of its own. Thread-safe.
 */
public final class ObservedObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final StoreObserver observer;

  /** Tells {@code observer} what is asked of {@code store}. */
  public ObservedObjectStore(ObjectStore store, StoreObserver observer) {
    this.store = store;
    this.observer = observer;
  }

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    return observed(Operation.LIST, () -> store.list(prefix, delimited, continuation, maxKeys));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return observed(Operation.HEAD, () -> store.head(key));
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    return new ObservedBody(
        observed(Operation.GET, () -> store.get(version, offset, length)), observer);
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    ObjectInfo made = observed(Operation.PUT, () -> store.put(key, content, metadata, overwrite));
    observer.sent(content.size());
    return made;
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    return observed(Operation.COPY, () -> store.copy(source, target, metadata));
  }

  @Override
  public void delete(String key) {
    observed(Operation.DELETE, () -> store.delete(key));
  }

  @Override
  public void deleteAll(List<String> keys) {
    observed(Operation.DELETE_ALL, () -> store.deleteAll(keys));
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    return observed(Operation.START_UPLOAD, () -> store.startUpload(key, metadata));
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    Part part =
        observed(Operation.UPLOAD_PART, () -> store.uploadPart(key, upload, number, content));
    observer.sent(content.size());
    return part;
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    return observed(
        Operation.COPY_PART, () -> store.copyPart(key, upload, number, source, offset, length));
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    return observed(
        Operation.COMPLETE_UPLOAD, () -> store.completeUpload(key, upload, parts, overwrite));
  }

  @Override
  public void abortUpload(String key, String upload) {
    observed(Operation.ABORT_UPLOAD, () -> store.abortUpload(key, upload));
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    return observed(Operation.LIST_UPLOADS, () -> store.uploads(key));
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    return observed(Operation.CHECK, () -> store.check(prefix, writing));
  }

  private void observed(Operation operation, Runnable work) {
    boolean _ =
        observed(
            operation,
            () -> {
              work.run();
              return true;
            });
  }

  private <T> T observed(Operation operation, Supplier<T> work) {
    long began = System.nanoTime();
    Optional<RuntimeException> failure = Optional.empty();
    try {
      return work.get();
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      throw e;
    } finally {
      observer.ended(operation, failure, System.nanoTime() - began);
    }
  }

  /** Not thread-safe, as the one that it passes on. */
  private static final class ObservedBody implements ObjectBody {
    private final ObjectBody body;
    private final StoreObserver observer;
    private final long began = System.nanoTime();
    private long left;
    private boolean ended;

    ObservedBody(ObjectBody body, StoreObserver observer) {
      this.body = body;
      this.observer = observer;
      this.left = body.length();
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public Optional<Long> objectCrc64() {
      return body.objectCrc64();
    }

    @Override
    public int read(ByteBuffer into) {
      try {
        int count = body.read(into);
        if (count > 0) {
          left -= count;
          observer.received(count);
        }
        if (left == 0) {
          end(Optional.empty());
        }
        return count;
      } catch (RuntimeException e) {
        end(Optional.of(e));
        throw e;
      }
    }

    @Override
    public void close() {
      end(Optional.empty());
      body.close();
    }

    private void end(Optional<RuntimeException> failure) {
      if (!ended) {
        ended = true;
        observer.ended(Operation.GET_BODY, failure, System.nanoTime() - began);
      }
    }
  }
}
