package io.ossmount.cache.reset;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.Emptying;
import io.ossmount.cache.block.Emptying.Dropped;
import io.ossmount.cache.control.ResetReport;
import io.ossmount.cache.reset.ResetFile.Done;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resets the cache when it is asked with a value that the directory has not had last.
 *
 * <p>The value is written down when all is dropped, so that a process that is killed before that
 * leaves it to the next one, which drops all before it serves anything. What was in use at that
 * time is dropped when it no longer is; its names are written down as well, for the next process.
 * That leaves it alone for a while: the sessions that have it open may come.
 *
 * <p>Thread-safe. The work is done by one thread, the latest value first; what fails is tried
 * again, ever later.
 */
public final class CacheReset implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CacheReset.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 8;
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final ResetFile file;
  private final Clock clock;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("reset").factory());

  @GuardedBy("this")
  private String asked = "";

  private volatile @Nullable Done done;
  private volatile @Nullable ResetReport report;
  private volatile boolean isUnwanted;

  /** What is dropped, and could not be written down; for the worker. */
  private @Nullable Done unwritten;

  /** Of the file where the directory's latest reset stands. */
  public CacheReset(Path file, Clock clock) {
    this.file = new ResetFile(file);
    this.clock = clock;
  }

  /**
   * What is emptied.
   *
   * @param blocks bytes of objects
   * @param files forget names and attributes of objects, and let go blocks that they keep in use
   *     for nobody
   */
  public record Contents(Emptying blocks, Runnable files) {}

  /**
   * Whether nothing of what is in the directory may be used; asked once, by the process that has
   * the directory.
   *
   * @param value that is asked for; "": none
   */
  public boolean isDue(String value) {
    done = file.read().orElse(null);
    report = done == null ? null : report(done);
    isUnwanted = !value.isEmpty() && !value.equals(valueDone());
    return isUnwanted;
  }

  /**
   * Begins to work, after {@link #isDue}.
   *
   * @param value that it was asked with
   * @param patience so long what an earlier process had in use waits for its sessions, unless
   *     {@link #noneComes}
   */
  public void start(String value, Contents contents, Duration patience) {
    if (isUnwanted) {
      synchronized (this) {
        asked = value;
      }
      later(0, () -> attempt(contents, 0));
    } else if (done != null && !done.inUse().isEmpty()) {
      later(patience.toMillis(), () -> dropLeft(contents));
    }
  }

  /** No session of an earlier process comes any more, to what that had in use. */
  public void noneComes(Contents contents) {
    later(0, () -> dropLeft(contents));
  }

  /** Asks for a reset, unless that value was the last that was asked for; "" asks for nothing. */
  public void ask(String value, Contents contents) {
    synchronized (this) {
      if (value.isEmpty()
          || value.equals(asked)
          || (asked.isEmpty() && value.equals(valueDone()))) {
        return;
      }
      asked = value;
    }
    report = new ResetReport(value, 0, "", Optional.empty());
    later(0, () -> attempt(contents, 0));
  }

  /** How the latest stands; empty: the directory never had one. */
  public Optional<ResetReport> report() {
    return Optional.ofNullable(report);
  }

  /** What is under way is left to the next process. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a reset of the cache goes on while the process ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt(Contents contents, int failures) {
    String value;
    synchronized (this) {
      value = asked;
    }
    if (value.equals(valueDone())) {
      return;
    }
    report = new ResetReport(value, 0, "", Optional.empty());
    try {
      Done now = unwritten;
      if (now == null || !now.value().equals(value)) {
        Dropped dropped = drop(contents);
        now = new Done(value, dropped.bytes(), clock.instant(), dropped.inUse());
        unwritten = now;
      }
      written(now);
      unwritten = null;
      log.info("reset {}: {} bytes were dropped", value, now.bytes());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.error("reset {} is tried again", value, e);
      report = new ResetReport(value, 0, e.toString(), Optional.empty());
      again(contents, failures);
    }
  }

  private Dropped drop(Contents contents) throws IOException, InterruptedException {
    if (isUnwanted) {
      // Nothing of it was used.
      Dropped dropped = new Dropped(contents.blocks().awaitStart(), List.of());
      isUnwanted = false;
      return dropped;
    }
    contents.files().run();
    Dropped dropped = contents.blocks().dropAll();
    // Who came in between has marked blocks, and is not to keep them either.
    contents.files().run();
    return dropped;
  }

  private void again(Contents contents, int failures) {
    long wait = FIRST_WAIT.toMillis() << Math.min(failures, MAX_DOUBLINGS);
    long millis = wait + ThreadLocalRandom.current().nextLong(wait / 2 + 1);
    later(millis, () -> attempt(contents, failures + 1));
  }

  private void later(long millis, Runnable work) {
    try {
      var _ = worker.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.info("a reset of the cache is left to the next process");
    }
  }

  /** What was in use in an earlier process, and is in no session now. */
  private void dropLeft(Contents contents) {
    Done before = done;
    if (before == null || before.inUse().isEmpty()) {
      return;
    }
    try {
      Dropped dropped = contents.blocks().drop(before.inUse());
      written(
          new Done(
              before.value(),
              before.bytes() + dropped.bytes(),
              before.finished(),
              dropped.inUse()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.warn("what was in use at the reset is left to the next process", e);
    }
  }

  private void written(Done now) throws IOException {
    file.write(now);
    done = now;
    report = report(now);
  }

  private String valueDone() {
    Done latest = done;
    return latest == null ? "" : latest.value();
  }

  private static ResetReport report(Done done) {
    return new ResetReport(done.value(), done.bytes(), "", Optional.of(done.finished()));
  }
}
