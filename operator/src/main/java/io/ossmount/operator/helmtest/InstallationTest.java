package io.ossmount.operator.helmtest;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks whether the API knows OssMounts and the operator is ready and, if an OssMount is named, has
 * that one tested and tells the rows as they come.
 */
final class InstallationTest {
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final int OPERATOR_POLLS = 30;

  /** Longer than the OssMountTest's own time-out: it ends by itself. */
  private static final int TEST_POLLS = 330;

  private final Surroundings cluster;
  private final Consumer<String> words;

  /**
   * A test that has not begun.
   *
   * @param words takes what is told, line by line
   */
  InstallationTest(Surroundings cluster, Consumer<String> words) {
    this.cluster = cluster;
    this.words = words;
  }

  /** Whether definitions and operator are there; it has been told if not. */
  boolean installed() throws InterruptedException {
    var missing = cluster.missingDefinition();
    if (missing.isPresent()) {
      words.accept(missing.get());
      return false;
    }
    for (int i = 0; i < OPERATOR_POLLS; i++) {
      if (cluster.isOperatorReady()) {
        words.accept("OssMount is installed, and its operator is ready.");
        return true;
      }
      cluster.pause(POLL);
    }
    words.accept(
        "The operator is not ready after %d s."
            .formatted(POLL.multipliedBy(OPERATOR_POLLS).toSeconds()));
    return false;
  }

  /** Whether an OssMount passes its test. */
  boolean passes(String namespace, String ossMount) throws InterruptedException {
    var test = cluster.makeTest(namespace, ossMount);
    words.accept("OssMountTest %s/%s tests OssMount %s".formatted(namespace, test, ossMount));
    int told = 0;
    var said = "";
    for (int i = 0; i < TEST_POLLS; i++) {
      var status = cluster.status(namespace, test);
      if (status.isPresent()) {
        var rows = status.get().tests();
        rows.stream().skip(told).forEach(this::tell);
        told = Math.max(told, rows.size());
        var passed = condition(status.get(), "Passed");
        var message = passed.map(Condition::message).orElse("");
        if (isEnd(status.get())) {
          words.accept(
              "%s %s: %s"
                  .formatted(
                      passed.map(Condition::reason).orElse(""),
                      status.get().passed() == null ? "" : status.get().passed(),
                      message));
          return passed.filter(c -> c.status() == Condition.Status.True).isPresent();
        }
        if (told == 0 && !message.equals(said)) {
          words.accept(message);
          said = message;
        }
      }
      cluster.pause(POLL);
    }
    words.accept("The operator does not end the test.");
    return false;
  }

  private void tell(OssMountTestStatus.Test row) {
    words.accept(
        String.format(
            Locale.ROOT,
            "%-8s %6d ms  %s%s",
            row.result(),
            row.durationMillis() == null ? 0 : row.durationMillis(),
            row.name(),
            row.message() == null ? "" : ": " + row.message()));
  }

  private static boolean isEnd(OssMountTestStatus status) {
    return condition(status, "Complete")
        .filter(condition -> condition.status() == Condition.Status.True)
        .isPresent();
  }

  private static Optional<Condition> condition(OssMountTestStatus status, String type) {
    return status.conditions().stream().filter(c -> c.type().equals(type)).findFirst();
  }
}
