package io.ossmount.operator.mounttest;

import static io.ossmount.operator.mounttest.TestScene.END;
import static io.ossmount.operator.mounttest.TestScene.plan;
import static io.ossmount.operator.mounttest.TestScene.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestStepTest {
  private final TestScene scene = new TestScene();

  @Test
  void anOssMountThatIsNotThereIsWaitedFor() {
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.Wait(
                "OssMountMissing",
                "there is no OssMount data in the namespace ml; make it, or delete this test"));
  }

  @Test
  void oneThatIsNotReadyIsWaitedForInItsOwnWords() {
    // given
    scene.mount(false, "SecretMissing: there is no Secret s");
    // then
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.Wait(
                "OssMountNotReady",
                "OssMount data is not ready: SecretMissing: there is no Secret s"));
  }

  @Test
  void whoWaitedTooLongFailsWithWhatItWaitedFor() {
    // given
    scene.mount(false, "Suspended: spec.suspend is true").after(Duration.ofMinutes(5));
    // then
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.End(
                false,
                "OssMountNotReady",
                "after 5m: OssMount data is not ready: Suspended: spec.suspend is true"));
  }

  @Test
  void theJobHasTheTimeThatIsLeft() {
    // given
    scene.mount(true, "Serving").after(Duration.ofMinutes(2));
    // then
    assertThat(scene.step())
        .isInstanceOfSatisfying(
            TestStep.Begin.class,
            begin -> {
              assertThat(begin.left()).isEqualTo(Duration.ofMinutes(3));
              assertThat(begin.endpoint()).isEqualTo("oss-cn-shanghai.aliyuncs.com");
              assertThat(begin.mount().bucket()).isEqualTo("b-1");
            });
  }

  @Test
  void oneWhoseEndpointIsGoneIsWaitedForThoughItSaysThatItIsReady() {
    // given
    scene.endpoint(null).mount(true, "Serving: 1 of 1 nodes serve");
    var message =
        "OssMount data has no endpoint, and the cluster has none as a default; write its"
            + " spec.endpoint";
    // then
    assertThat(scene.step()).isEqualTo(new TestStep.Wait("EndpointMissing", message));
    assertThat(scene.after(Duration.ofMinutes(5)).step())
        .isEqualTo(new TestStep.End(false, "EndpointMissing", "after 5m: " + message));
  }

  @Test
  void aTestRunsOnce() {
    // given
    scene.mount(true, "Serving").round();
    // when
    scene.job = null;
    // then
    assertThat(scene.step())
        .isInstanceOfSatisfying(
            TestStep.End.class, end -> assertThat(end.reason()).isEqualTo("JobDeleted"));
  }

  @Test
  void whatKeepsThePodFromRunningIsSaid() {
    // given
    scene.mount(true, "Serving").job(false, false, "ErrImagePull: no such image");
    // then
    assertThat(scene.step())
        .isEqualTo(new TestStep.Run("PodPending", "ErrImagePull: no such image"));
  }

  @Test
  void aRunThatGoesOnTellsHowFarItIs() {
    // given
    scene.mount(true, "Serving").job(false, false, "").log(plan(9), row("a", "Passed", ""));
    // then
    assertThat(scene.step()).isEqualTo(new TestStep.Run("Running", "1 of 9 tests have ended"));
  }

  @Test
  void aRunWithoutAFailureHasPassed() {
    // given
    scene
        .job(true, false, "")
        .log(plan(2), row("a", "Passed", ""), row("b", "Skipped", "read-only"), END);
    // then
    assertThat(scene.step()).isEqualTo(new TestStep.End(true, "AllPassed", "no test failed"));
  }

  @Test
  void aRunWithFailuresNamesTheFirst() {
    // given
    scene
        .job(true, false, "exit status 1 (Error)")
        .log(plan(2), row("a", "Failed", "denied"), row("b", "Failed", "denied too"), END);
    // then
    assertThat(scene.step())
        .isEqualTo(new TestStep.End(false, "TestsFailed", "2 failed; first a: denied"));
  }

  @Test
  void aPodThatEndsBeforeItsTestsIsAFailure() {
    // given
    scene.job(true, false, "exit status 137 (OOMKilled)").log(plan(2), row("a", "Passed", ""));
    // then
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.End(
                false,
                "PodFailed",
                "the Job's pod ended before its tests did: exit status 137 (OOMKilled)"));
  }

  @Test
  void aLogThatCannotBeReadIsTriedAgainWhileThereIsTime() {
    // given
    scene.log = RunLog.UNREAD;
    assertThat(scene.job(false, false, "").step())
        .isEqualTo(new TestStep.Run("Running", "the log of the Job's pod cannot be read yet"));
    // when
    scene.job(true, false, "exit status 0 (Completed)");
    // then
    assertThat(scene.step())
        .isEqualTo(new TestStep.Run("Running", "the log of the Job's pod cannot be read yet"));
    assertThat(scene.after(Duration.ofMinutes(5)).step())
        .isInstanceOfSatisfying(
            TestStep.End.class, end -> assertThat(end.reason()).isEqualTo("PodFailed"));
  }

  @Test
  void aJobThatTookTooLongTellsWhatItWasWaitingFor() {
    // given
    scene.mount(true, "Serving").job(false, false, "FailedMount: no cache pod").round();
    // when
    scene.job(true, true, "");
    // then
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.End(
                false,
                "TimedOut",
                "no end after 5m; the last that was known: FailedMount: no cache pod"));
  }

  @Test
  void whatHasEndedStaysUntilItsTimeIsOver() {
    // given
    scene.job(true, false, "").log(plan(1), row("a", "Passed", ""), END);
    scene.round();
    assertThat(scene.step()).isEqualTo(new TestStep.Rest(Optional.empty()));
    // when
    scene.ttl = "1h";
    // then
    assertThat(scene.step())
        .isEqualTo(
            new TestStep.Rest(Optional.of(TestScene.CREATED.plusSeconds(10).plusSeconds(3600))));
  }

  @Test
  void theStatusGrowsRowByRowAndKeepsWhatALostLogTold() {
    // given
    scene.mount(true, "Serving");
    var begun = scene.round();
    scene.job(false, false, "").log(plan(3), row("a", "Passed", ""), row("b", "Failed", "no"));
    var going = scene.round();

    // when
    scene.job(true, false, "the node is gone").log("").after(Duration.ofSeconds(72));
    var ended = scene.round();

    // then
    assertThat(begun.startedAt()).isEqualTo("2026-11-25T12:00:10Z");
    assertThat(begun.tests()).isEmpty();
    assertThat(going.passed()).isEqualTo("1/3");
    assertThat(going.tests()).extracting(OssMountTestStatus.Test::name).containsExactly("a", "b");
    assertThat(ended.tests()).isEqualTo(going.tests());
    assertThat(ended.passed()).isEqualTo("1/3");
    assertThat(ended.duration()).isEqualTo("1m12s");
    assertThat(ended.startedAt()).isEqualTo(begun.startedAt());
    assertThat(ended.conditions())
        .extracting(Condition::type, Condition::status)
        .containsExactly(
            tuple("Complete", Condition.Status.True), tuple("Passed", Condition.Status.False));
  }

  @Test
  void whatIsSkippedDoesNotCount() {
    // given
    scene
        .job(false, false, "")
        .log(plan(3), row("a", "Passed", ""), row("b", "Skipped", "read-only"));
    // then
    assertThat(scene.round().passed()).isEqualTo("1/2");
  }

  @Test
  void aRefusedJobIsSaid() {
    // given
    var observed = scene.mount(true, "Serving").observed();
    // when
    var status = TestReport.of(observed, TestStep.of(observed), "exceeded quota: none");
    // then
    assertThat(status.startedAt()).isNull();
    assertThat(status.conditions().getLast().reason()).isEqualTo("JobRefused");
    assertThat(status.conditions().getLast().message()).isEqualTo("exceeded quota: none");
  }
}
