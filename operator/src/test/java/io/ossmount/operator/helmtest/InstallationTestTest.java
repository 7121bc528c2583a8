package io.ossmount.operator.helmtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallationTestTest {
  private final FakeSurroundings cluster = new FakeSurroundings();
  private final List<String> told = new ArrayList<>();
  private final InstallationTest test = new InstallationTest(cluster, told::add);

  @Test
  void aMissingDefinitionIsSaid() throws InterruptedException {
    // given
    cluster.missing = Optional.of("There is no definition of OssMountTest");
    // then
    assertThat(test.installed()).isFalse();
    assertThat(told).containsExactly("There is no definition of OssMountTest");
  }

  @Test
  void anOperatorIsWaitedForAndNotForEver() throws InterruptedException {
    // given
    cluster.readyAfter = 3;
    assertThat(test.installed()).isTrue();
    // when
    cluster.readyAfter = Integer.MAX_VALUE;
    // then
    assertThat(test.installed()).isFalse();
    assertThat(told.getLast()).isEqualTo("The operator is not ready after 60 s.");
  }

  @Test
  void rowsAreToldOnceAndTheEndDecides() throws InterruptedException {
    // given
    cluster.statuses.add(status(false, Condition.Status.Unknown, "PodPending", List.of()));
    cluster.statuses.add(status(false, Condition.Status.Unknown, "Running", List.of(row("a"))));
    cluster.statuses.add(
        status(true, Condition.Status.True, "AllPassed", List.of(row("a"), row("b"))));
    // when
    var passed = test.passes("ml", "data");
    // then
    assertThat(passed).isTrue();
    assertThat(told)
        .containsExactly(
            "OssMountTest ml/helm-test-1 tests OssMount data",
            "because PodPending",
            "Passed        7 ms  a",
            "Passed        7 ms  b",
            "AllPassed 1/1: because AllPassed");
  }

  @Test
  void aTestThatFailsFails() throws InterruptedException {
    // given
    cluster.statuses.add(status(true, Condition.Status.False, "TestsFailed", List.of()));
    // then
    assertThat(test.passes("ml", "data")).isFalse();
  }

  @Test
  void aTestThatDoesNotEndFails() throws InterruptedException {
    assertThat(test.passes("ml", "data")).isFalse();
    assertThat(told.getLast()).isEqualTo("The operator does not end the test.");
  }

  private static OssMountTestStatus.Test row(String name) {
    return new OssMountTestStatus.Test(name, Result.Passed, 7L, null);
  }

  private static OssMountTestStatus status(
      boolean complete,
      Condition.Status passed,
      String reason,
      List<OssMountTestStatus.Test> rows) {
    var now = "2026-11-25T12:00:00Z";
    return new OssMountTestStatus(
        1L,
        List.of(
            new Condition(
                "Complete",
                complete ? Condition.Status.True : Condition.Status.False,
                "Finished",
                "",
                1L,
                now),
            new Condition("Passed", passed, reason, "because " + reason, 1L, now)),
        now,
        null,
        null,
        "1/1",
        rows);
  }

  /** A cluster in memory, in which each look at a test shows its next status. */
  private static final class FakeSurroundings implements Surroundings {
    private Optional<String> missing = Optional.empty();
    private int readyAfter;
    private final Deque<OssMountTestStatus> statuses = new ArrayDeque<>();

    @Override
    public Optional<String> missingDefinition() {
      return missing;
    }

    @Override
    public boolean isOperatorReady() {
      return readyAfter-- <= 0;
    }

    @Override
    public String makeTest(String namespace, String ossMount) {
      return "helm-test-1";
    }

    @Override
    public Optional<OssMountTestStatus> status(String namespace, String test) {
      return Optional.ofNullable(statuses.poll());
    }

    @Override
    public void pause(Duration time) {
      // No time passes.
    }
  }
}
