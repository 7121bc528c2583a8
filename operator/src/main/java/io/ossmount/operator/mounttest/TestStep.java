package io.ossmount.operator.mounttest;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a test needs next, decided from what is known of it. Pure. */
sealed interface TestStep {
  /** Kubelet does not answer for now. */
  String UNREAD = "the log of the Job's pod cannot be read yet";

  /**
   * It cannot begin.
   *
   * @param message what to do
   */
  record Wait(String reason, String message) implements TestStep {}

  /**
   * Its claims and its Job are to be made.
   *
   * @param mount what is tested
   * @param endpoint of that
   * @param left how long the Job may take
   */
  record Begin(OssMountSpec mount, String endpoint, Duration left) implements TestStep {}

  /** It goes on. */
  record Run(String reason, String message) implements TestStep {}

  /** It has ended, and its claims are to go. */
  record End(boolean passed, String reason, String message) implements TestStep {}

  /** It has ended, and that is written. */
  record Rest(Optional<Instant> deletion) implements TestStep {}

  /** Decides. */
  static TestStep of(ObservedTest observed) {
    if (isComplete(observed)) {
      return new Rest(deletion(observed));
    }
    return observed.job() == null
        ? beginning(observed)
        : observed.job().finished() || observed.log().ended()
            ? ending(observed, observed.job())
            : running(observed, observed.job());
  }

  private static TestStep beginning(ObservedTest observed) {
    if (observed.status() != null && observed.status().startedAt() != null) {
      return new End(
          false, TestReasons.JOB_DELETED, "somebody deleted the test's Job; make another test");
    }
    var left = Duration.between(observed.now(), end(observed));
    var mount = observed.mount();
    var endpoint = mount == null ? null : mount.spec().endpoint();
    if (left.isPositive() && mount != null && mount.ready() && endpoint != null) {
      return new Begin(mount.spec(), endpoint, left);
    }
    var wait = waiting(observed);
    return left.isPositive()
        ? wait
        : new End(
            false,
            wait.reason(),
            "after %s: %s".formatted(observed.spec().timeout(), wait.message()));
  }

  private static Wait waiting(ObservedTest observed) {
    var name = observed.spec().ossMountRef().name();
    var mount = observed.mount();
    if (mount == null) {
      return new Wait(
          TestReasons.MOUNT_MISSING,
          "there is no OssMount %s in the namespace %s; make it, or delete this test"
              .formatted(name, observed.test().namespace()));
    }
    // A default of the cluster may be gone while the OssMount still says that it is ready.
    return mount.ready() && mount.spec().endpoint() == null
        ? new Wait(
            TestReasons.ENDPOINT_MISSING,
            "OssMount %s has no endpoint, and the cluster has none as a default; write its"
                    .formatted(name)
                + " spec.endpoint")
        : new Wait(
            TestReasons.MOUNT_NOT_READY,
            "OssMount %s is not ready: %s".formatted(name, mount.why()));
  }

  private static TestStep running(ObservedTest observed, ObservedTest.RunningJob job) {
    var log = observed.log();
    if (log.total() > 0) {
      return new Run(
          TestReasons.RUNNING,
          "%d of %d tests have ended".formatted(log.rows().size(), log.total()));
    }
    if (log.unread()) {
      return new Run(TestReasons.RUNNING, UNREAD);
    }
    return new Run(
        TestReasons.POD_PENDING,
        job.trouble().isEmpty() ? "the Job's pod has not begun" : job.trouble());
  }

  private static TestStep ending(ObservedTest observed, ObservedTest.RunningJob job) {
    if (observed.log().ended()) {
      return judged(observed);
    }
    if (observed.log().unread() && observed.now().isBefore(end(observed))) {
      return new Run(TestReasons.RUNNING, UNREAD);
    }
    var before = said(observed);
    return job.overdue()
        ? new End(
            false,
            TestReasons.TIMED_OUT,
            "no end after %s; the last that was known: %s"
                .formatted(observed.spec().timeout(), before))
        : new End(
            false,
            TestReasons.POD_FAILED,
            "the Job's pod ended before its tests did: "
                + (job.trouble().isEmpty() ? before : job.trouble()));
  }

  private static TestStep judged(ObservedTest observed) {
    var failed =
        observed.log().rows().stream().filter(row -> row.result() == Result.Failed).toList();
    if (failed.isEmpty()) {
      return new End(true, TestReasons.ALL_PASSED, "no test failed");
    }
    var first = failed.getFirst();
    return new End(
        false,
        TestReasons.TESTS_FAILED,
        "%d failed; first %s: %s"
            .formatted(
                failed.size(), first.name(), first.message() == null ? "" : first.message()));
  }

  private static String said(ObservedTest observed) {
    return condition(observed, TestReasons.PASSED).map(Condition::message).orElse("nothing");
  }

  private static Instant end(ObservedTest observed) {
    return observed.test().created().plus(Durations.parse(observed.spec().timeout()));
  }

  private static boolean isComplete(ObservedTest observed) {
    return condition(observed, TestReasons.COMPLETE)
        .filter(condition -> condition.status() == Condition.Status.True)
        .isPresent();
  }

  private static Optional<Instant> deletion(ObservedTest observed) {
    var ttl = observed.spec().ttlAfterFinished();
    if (ttl == null || observed.status() == null || observed.status().finishedAt() == null) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(observed.status().finishedAt()).plus(Durations.parse(ttl)));
  }

  private static Optional<Condition> condition(ObservedTest observed, String type) {
    return Optional.ofNullable(observed.status()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }
}
