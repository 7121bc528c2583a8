package io.ossmount.cache.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The files that go up at the moment, for who watches. As many as there are uploads, which the
 * writers bound. Thread-safe; never waits.
 */
public final class RunningUploads {
  @GuardedBy("this")
  private final Set<Running> running = new LinkedHashSet<>();

  /** One of them, until it is closed. */
  final class Running implements AutoCloseable {
    private final String key;
    private final long totalBytes;
    private final LongAdder sentBytes = new LongAdder();

    private Running(String key, long totalBytes) {
      this.key = key;
      this.totalBytes = totalBytes;
    }

    /** OSS has taken bytes of it. */
    void sent(long bytes) {
      sentBytes.add(bytes);
    }

    @Override
    public void close() {
      end(this);
    }

    private Upload now() {
      return new Upload(key, totalBytes, Math.min(totalBytes, sentBytes.sum()));
    }
  }

  /**
   * A file that goes up.
   *
   * @param key of the object
   * @param sentBytes of it that OSS has taken: parts that are whole
   */
  public record Upload(String key, long totalBytes, long sentBytes) {}

  /** All that go up, the oldest first. */
  public synchronized List<Upload> now() {
    return running.stream().map(Running::now).toList();
  }

  synchronized Running begin(String key, long totalBytes) {
    Running one = new Running(key, totalBytes);
    running.add(one);
    return one;
  }

  private synchronized void end(Running one) {
    running.remove(one);
  }
}
