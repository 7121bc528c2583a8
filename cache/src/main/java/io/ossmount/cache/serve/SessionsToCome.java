package io.ossmount.cache.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of earlier processes that may still come to this one, for who keeps what they had.
 * They are waited for until the plugin has said which there are and all of these are served here,
 * at most so long as the patience. A session that is served has brought back all that it had, so
 * what none of them knows is nobody's. A name is never used twice: one that is not in the plugin's
 * list, and is not here, cannot come. Thread-safe.
 */
public final class SessionsToCome {
  /** No session of an earlier process comes. */
  public static final SessionsToCome NONE = new SessionsToCome(Duration.ZERO);

  private static final Logger log = LoggerFactory.getLogger(SessionsToCome.class);

  private final Duration patience;
  private final CompletableFuture<Void> allCame = new CompletableFuture<>();

  /** Empty: it is not known which may come. */
  @GuardedBy("this")
  private Optional<Set<String>> living = Optional.empty();

  /**
   * All may come.
   *
   * @param patience zero: none will
   */
  public SessionsToCome(Duration patience) {
    this.patience = patience;
  }

  /** Whether any is waited for at all. */
  public boolean areAwaited() {
    return !patience.isZero();
  }

  /** Returns when none comes any more, or the patience has ended, which begins with the call. */
  public void await() throws InterruptedException {
    await(patience);
  }

  /** Returns when none comes any more, or after so long. */
  public void await(Duration most) throws InterruptedException {
    try {
      allCame.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.debug("sessions that did not come are not waited for any longer");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs this when all came, if the plugin says so, by whoever finds it out: it must not wait. */
  public void whenAllCame(Runnable work) {
    var _ = allCame.thenRun(work);
  }

  /**
   * What the plugin says.
   *
   * @param names of the sessions that are served or may come; empty: it cannot tell, and whatever
   *     it said before does not hold any more
   */
  synchronized void told(Optional<Set<String>> names) {
    living = names;
  }

  /**
   * Looks whether all came.
   *
   * @param here all that the plugin has given
   * @param served those of them that are served: another one has brought nothing back yet
   */
  synchronized void look(Set<String> here, Set<String> served) {
    boolean areAll = served.containsAll(here) && living.filter(served::containsAll).isPresent();
    if (areAll && allCame.complete(null)) {
      log.info("no session of an earlier process comes any more");
    }
  }
}
