package io.ossmount.operator.mounttest;

import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import io.ossmount.operator.report.Conditions;
import io.ossmount.operator.report.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of an OssMountTest, computed. */
final class TestReport {
  private static final int MINUTE_SECONDS = 60;

  private TestReport() {}

  /**
   * The status.
   *
   * @param refused why the API server refuses what the step makes; "": it does not
   */
  static OssMountTestStatus of(ObservedTest observed, TestStep step, String refused) {
    var before = observed.status();
    var rows = rows(observed, before);
    var started = before == null ? null : before.startedAt();
    boolean begins = step instanceof TestStep.Begin && refused.isEmpty();
    var ended = step instanceof TestStep.End ? observed.now() : null;
    return new OssMountTestStatus(
        observed.test().generation(),
        Conditions.merge(
            before == null ? List.of() : before.conditions(),
            findings(step, refused),
            observed.test().generation(),
            observed.now()),
        begins || (started == null && observed.job() != null) ? text(observed.now()) : started,
        ended == null ? null : text(ended),
        ended == null ? null : inWords(Duration.between(observed.test().created(), ended)),
        passed(observed, rows, before),
        rows);
  }

  private static List<Finding> findings(TestStep step, String refused) {
    return switch (step) {
      case TestStep.Wait wait ->
          List.of(
              Finding.no(TestReasons.COMPLETE, TestReasons.WAITING, wait.message()),
              Finding.unknown(TestReasons.PASSED, wait.reason(), wait.message()));
      case TestStep.Begin _ when !refused.isEmpty() ->
          List.of(
              Finding.no(TestReasons.COMPLETE, TestReasons.WAITING, refused),
              Finding.unknown(TestReasons.PASSED, TestReasons.REFUSED, refused));
      case TestStep.Begin _ -> going(TestReasons.POD_PENDING, "the Job was made");
      case TestStep.Run run -> going(run.reason(), run.message());
      case TestStep.End end ->
          List.of(
              Finding.yes(TestReasons.COMPLETE, TestReasons.FINISHED, "the test has ended"),
              end.passed()
                  ? Finding.yes(TestReasons.PASSED, end.reason(), end.message())
                  : Finding.no(TestReasons.PASSED, end.reason(), end.message()));
      case TestStep.Rest _ -> throw new IllegalArgumentException("its status stands");
    };
  }

  private static List<Finding> going(String reason, String message) {
    return List.of(
        Finding.no(TestReasons.COMPLETE, TestReasons.RUNNING, "the test goes on"),
        Finding.unknown(TestReasons.PASSED, reason, message));
  }

  /** A log that is gone with its pod leaves what it told. */
  private static List<OssMountTestStatus.Test> rows(
      ObservedTest observed, @Nullable OssMountTestStatus before) {
    var told = observed.log().rows();
    return before != null && before.tests().size() > told.size() ? before.tests() : told;
  }

  private static @Nullable String passed(
      ObservedTest observed,
      List<OssMountTestStatus.Test> rows,
      @Nullable OssMountTestStatus before) {
    if (observed.log().total() == 0) {
      return before == null ? null : before.passed();
    }
    long passed = rows.stream().filter(row -> row.result() == Result.Passed).count();
    long skipped = rows.stream().filter(row -> row.result() == Result.Skipped).count();
    return passed + "/" + (observed.log().total() - skipped);
  }

  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** As Kubernetes writes durations: 42s, 3m5s. */
  private static String inWords(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < MINUTE_SECONDS
        ? seconds + "s"
        : "%dm%ds".formatted(seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
  }
}
