package io.ossmount.cache.selftest;

import io.ossmount.cache.selftest.Row.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Runs all tests of a mount, one after the other, and tells of each as it ends. A test that does
 * not end within its time has failed, and the next one begins: what waits for a mount cannot be
 * interrupted, so its thread is left behind; there are no more of these than tests.
 */
public final class SelfTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String READ_ONLY = "the OssMount is read-only";

  private final Subject subject;
  private final Reporter reporter;
  private final UnaryOperator<String> redact;
  private final Duration limit;

  /**
   * A run that has not begun.
   *
   * @param redact takes what must not be told out of a message
   */
  public SelfTest(Subject subject, Reporter reporter, UnaryOperator<String> redact) {
    this(subject, reporter, redact, LIMIT);
  }

  /**
   * The same, in which a test takes no longer than {@code limit}, the patience with uploads and its
   * own wait together.
   */
  SelfTest(Subject subject, Reporter reporter, UnaryOperator<String> redact, Duration limit) {
    this.subject = subject;
    this.reporter = reporter;
    this.redact = redact;
    this.limit = limit.plus(subject.options().patience());
  }

  /** Runs it; whether no test failed. */
  public boolean run() throws InterruptedException {
    List<Check> checks = checks(subject);
    reporter.begins(checks.size());
    boolean isFine = true;
    for (Check check : checks) {
      Row row = run(check);
      isFine &= row.result() != Result.Failed;
      reporter.ended(row);
    }
    reporter.ends();
    return isFine;
  }

  /** In the order in which they build upon one another. */
  static List<Check> checks(Subject subject) {
    List<Check> checks = new ArrayList<>();
    checks.addAll(new RightsChecks(subject).all());
    checks.addAll(new StoreChecks(subject).all());
    checks.addAll(new ListingChecks(subject).all());
    subject.pairs().forEach(pair -> checks.addAll(new PairChecks(subject, pair).all()));
    checks.addAll(new NameChecks(subject).all());
    checks.addAll(new ConsistencyChecks(subject).all());
    checks.add(new CleanUp(subject).check());
    return List.copyOf(checks);
  }

  private Row run(Check check) throws InterruptedException {
    if (check.writes() && subject.options().readOnly()) {
      return new Row(check.name(), Result.Skipped, 0, READ_ONLY);
    }
    Duration limit = this.limit.plus(check.pause());
    long start = System.nanoTime();
    Result result;
    String message;
    try {
      message = inTime(check.body(), limit);
      result = Result.Passed;
    } catch (TimeoutException e) {
      message = "no end after " + limit.toSeconds() + " s";
      result = Result.Failed;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      result = cause instanceof Check.NotApplicable ? Result.Skipped : Result.Failed;
      message =
          cause instanceof Check.NotApplicable
              ? String.valueOf(cause.getMessage())
              : Failures.words(cause);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    return new Row(check.name(), result, millis, redact.apply(message));
  }

  /**
   * On a thread of its own: a virtual one would keep its carrier while the mount does not answer.
   */
  private static String inTime(Check.Body body, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("test")
        .start(() -> {
          try {
            end.complete(body.run());
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        });
    return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
