package io.ossmount.cache.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that goes on where it broke, with the same version. Whatever has come of it has to have
 * come within the operation time-out and a second for each {@link #LEAST_BYTES_PER_SECOND}: one
 * that trickles is given up, and one that never comes when the operation time-out is over.
 */
final class ResumingBody implements ObjectBody {
  private static final long LEAST_BYTES_PER_SECOND = 64 << 10;
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ObjectStore store;
  private final ObjectVersion version;
  private final long end;
  private final long length;
  private final Duration limit;
  private final Retries retries;
  private final Consumer<StoreException> onFailure;
  private long position;
  private @Nullable ObjectBody body;

  /** What broke it last. */
  private @Nullable StoreException broken;

  private Optional<Long> objectCrc64 = Optional.empty();

  /** Opens it. */
  ResumingBody(
      ObjectStore store,
      ObjectVersion version,
      long offset,
      long length,
      Duration limit,
      Consumer<StoreException> onFailure) {
    this.store = store;
    this.version = version;
    this.position = offset;
    this.end = Math.min(version.size(), offset + length);
    this.length = end - offset;
    this.limit = limit;
    this.onFailure = onFailure;
    this.retries = new Retries(Deadline.in(limit));
    this.body = open();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Optional<Long> objectCrc64() {
    return objectCrc64;
  }

  @Override
  public int read(ByteBuffer into) {
    if (position >= end) {
      return -1;
    }
    try {
      return readOrResume(into);
    } catch (StoreException e) {
      onFailure.accept(e);
      throw e;
    }
  }

  @Override
  public void close() {
    ObjectBody open = body;
    body = null;
    if (open != null) {
      open.close();
    }
  }

  private int readOrResume(ByteBuffer into) {
    while (true) {
      ObjectBody open = body == null ? open() : body;
      body = open;
      int start = into.position();
      try {
        if (retries.deadline().isOver()) {
          throw tooSlow();
        }
        int count = open.read(into);
        if (count < 0) {
          throw tooShort();
        }
        position += count;
        retries.begin(Duration.ofNanos(count * NANOS_PER_SECOND / LEAST_BYTES_PER_SECOND));
        return count;
      } catch (StoreException e) {
        into.position(start);
        close();
        broken = e;
        pauseAfter(e);
      }
    }
  }

  private ObjectBody open() {
    while (true) {
      try {
        Duration left = retries.deadline().left();
        ObjectBody opened =
            Attempt.run(
                "GET " + version.key(),
                left.compareTo(limit) < 0 ? left : limit,
                () -> store.get(version, position, end - position));
        objectCrc64 = opened.objectCrc64().or(() -> objectCrc64);
        return opened;
      } catch (StoreException e) {
        pauseAfter(e);
      }
    }
  }

  /** Who gets Corrupted may ask again at once, which is too late when all the time was used. */
  private void pauseAfter(StoreException failure) {
    try {
      retries.pauseAfter(failure);
    } catch (StoreException.Corrupted givenUp) {
      throw new StoreException.Unavailable(String.valueOf(givenUp.getMessage()));
    }
  }

  /** One that broke again and again did not trickle, wherever it was when the time was over. */
  private StoreException tooSlow() {
    return broken != null
        ? broken
        : new StoreException.Unavailable(
            "GET %s: only up to %d of %d within %s".formatted(version.key(), position, end, limit));
  }

  private StoreException tooShort() {
    return new StoreException.Corrupted(
        "GET %s: the body ended at %d of %d".formatted(version.key(), position, end));
  }
}
