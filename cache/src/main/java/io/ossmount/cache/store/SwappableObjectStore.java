package io.ossmount.cache.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A store that can be replaced while it is used, such as by one with other credentials: calls that
 * begin later go to the new one, and the old one is closed when its calls have ended, after a
 * minute at the latest. Thread-safe.
 */
public final class SwappableObjectStore implements ObjectStore, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private volatile Generation current;

  /**
   * Begins with this one.
   *
   * @param end closes it
   */
  public SwappableObjectStore(ObjectStore store, Runnable end) {
    current = new Generation(store, end);
  }

  /**
   * Replaces it.
   *
   * @param end closes the new one
   */
  public synchronized void swap(ObjectStore store, Runnable end) {
    Generation old = current;
    current = new Generation(store, end);
    old.retire();
  }

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    return with(store -> store.list(prefix, delimited, continuation, maxKeys));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return with(store -> store.head(key));
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    Generation used = enter();
    try {
      return new CountedBody(used.store.get(version, offset, length), used);
    } catch (RuntimeException e) {
      used.leave();
      throw e;
    }
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    return with(store -> store.put(key, content, metadata, overwrite));
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    return with(store -> store.copy(source, target, metadata));
  }

  @Override
  public void delete(String key) {
    with(store -> {
      store.delete(key);
      return true;
    });
  }

  @Override
  public void deleteAll(List<String> keys) {
    with(store -> {
      store.deleteAll(keys);
      return true;
    });
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    return with(store -> store.startUpload(key, metadata));
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    return with(store -> store.uploadPart(key, upload, number, content));
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    return with(store -> store.copyPart(key, upload, number, source, offset, length));
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    return with(store -> store.completeUpload(key, upload, parts, overwrite));
  }

  @Override
  public void abortUpload(String key, String upload) {
    with(store -> {
      store.abortUpload(key, upload);
      return true;
    });
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    return with(store -> store.uploads(key));
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    return with(store -> store.check(prefix, writing));
  }

  @Override
  public synchronized void close() {
    current.end();
  }

  private <T> T with(Function<ObjectStore, T> work) {
    Generation used = enter();
    try {
      return work.apply(used.store);
    } finally {
      used.leave();
    }
  }

  private Generation enter() {
    while (true) {
      Generation now = current;
      if (now.tryEnter()) {
        return now;
      }
    }
  }

  /** A store and its calls. */
  private static final class Generation {
    private final ObjectStore store;
    private final Runnable end;

    /** Calls under way, and one for being current. */
    private final AtomicInteger uses = new AtomicInteger(1);

    private final AtomicBoolean ended = new AtomicBoolean();

    Generation(ObjectStore store, Runnable end) {
      this.store = store;
      this.end = end;
    }

    boolean tryEnter() {
      return uses.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void leave() {
      if (uses.decrementAndGet() == 0) {
        end();
      }
    }

    void retire() {
      Thread.ofVirtual()
          .name("store-retire")
          .start(() -> {
            leave();
            try {
              Thread.sleep(PATIENCE);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            end();
          });
    }

    void end() {
      if (ended.compareAndSet(false, true)) {
        end.run();
      }
    }
  }

  /** Keeps its store open until it is closed itself. */
  private static final class CountedBody implements ObjectBody {
    private final ObjectBody body;
    private final Generation used;
    private final AtomicBoolean closed = new AtomicBoolean();

    CountedBody(ObjectBody body, Generation used) {
      this.body = body;
      this.used = used;
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
      return body.read(into);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        body.close();
        used.leave();
      }
    }
  }
}
