package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.DeadSessions;
import io.ossmount.operator.control.DeadSessions.Dead;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VolumesFindingTest {
  private static final Instant SINCE = Instant.parse("2026-11-22T11:58:00.5Z");

  private final Scene scene =
      new Scene().nodes("n1", "n2").volume("pvc-1", "n1", "n2").servingPod("n1").servingPod("n2");

  private Optional<Finding> finding() {
    return VolumesFinding.of(scene.observed());
  }

  private static DeadSessions dead(Dead... sessions) {
    return new DeadSessions(List.of(sessions), 0);
  }

  private static Dead aborted(String volume, Instant since) {
    return new Dead("s-" + volume, volume, true, since);
  }

  @Test
  void thereIsNoConditionWhileNothingIsBroken() {
    assertThat(finding()).isEmpty();
  }

  @Test
  void aVolumeThatWasGivenUpIsNamedWithItsNodeAndWhatToDo() {
    // given
    scene.dead("n1", dead(aborted(Scene.MOUNT.uid() + ".pvc-1", SINCE)));

    // then
    assertThat(finding())
        .contains(
            Finding.no(
                "VolumesHealthy",
                "VolumeAborted",
                "pvc-1 on node n1 (given up at 2026-11-22T11:58:00Z, as nobody served it): programs"
                    + " get ENOTCONN there until the mount is made anew, which happens by itself"
                    + " while a cache pod serves; what was open has to be opened again. Restart"
                    + " pods that have an Event VolumeNotHealed"));
  }

  @Test
  void aVolumeThatLostItsServerHasAnotherReasonUnlessOneWasGivenUpToo() {
    // given
    scene.dead("n2", dead(new Dead("s-2", "static", false, SINCE)));

    // then
    assertThat(finding()).map(Finding::reason).contains("VolumeDisconnected");
    assertThat(finding())
        .map(Finding::message)
        .hasValueSatisfying(message ->
            assertThat(message)
                .startsWith("static on node n2 (lost its server at 2026-11-22T11:58:00Z): "));

    // when
    scene.dead("n1", dead(aborted("later", SINCE.plusSeconds(1))));

    // then
    assertThat(finding()).map(Finding::reason).contains("VolumeAborted");
    assertThat(finding())
        .map(Finding::message)
        .hasValueSatisfying(message -> assertThat(message).startsWith("static on node n2 "));
  }

  @Test
  void theOssMountIsReadyAllTheSame() {
    // given
    scene.dead("n1", dead(aborted("pvc-1", SINCE)));
    var observed = scene.observed();

    // when
    var assessment =
        Assessment.of(
            observed,
            Planner.plan(observed, Scene.TEMPLATE, Scene.HASH),
            new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty()));

    // then
    assertThat(assessment.ready()).isEqualTo(Finding.yes("Ready", "Serving", "2 of 2 nodes serve"));
    assertThat(assessment.findings()).extracting(Finding::type).contains("VolumesHealthy");
  }

  @Test
  void ofManySomeAreNamedAndTheRemedyIsNotCutOff() {
    // given
    var many =
        IntStream.range(0, 100)
            .mapToObj(i -> aborted("v".repeat(110) + i, SINCE.plusSeconds(i)))
            .toList();
    scene.dead("n1", new DeadSessions(many, 7));
    scene.dead("n2", new DeadSessions(many, 1));

    // then
    assertThat(finding())
        .map(Finding::message)
        .hasValueSatisfying(message ->
            assertThat(message)
                .contains(" and 203 more: programs get ENOTCONN")
                .endsWith("VolumeNotHealed"));
  }

  @Test
  void ofTwoPodsOfANodeTheOneThatAnsweredLastIsBelieved() {
    // given
    scene.podNamed("training-data-before", "n1", Scene::terminating);
    scene.report("before", healthy());
    scene.after(Duration.ofSeconds(5)).dead("n1", dead(aborted("pvc-1", SINCE)));

    // then
    assertThat(finding()).isPresent();

    // when
    scene.after(Duration.ofSeconds(5)).report("before", healthy());

    // then
    assertThat(finding()).isEmpty();
  }

  @Test
  void whatWasGivenUpOnANodeWithoutACachePodIsTold() {
    // given
    scene.podOfGone("n1").aborted("n1", SINCE);

    // then
    assertThat(finding()).map(Finding::reason).contains("VolumeAborted");
    assertThat(finding())
        .map(Finding::message)
        .hasValueSatisfying(message ->
            assertThat(message)
                .startsWith(
                    "a volume on node n1 (given up at 2026-11-22T11:58:00Z, as nobody served it)"));
  }

  @Test
  void whatWasGivenUpBeforeAPodOfTheNodeAnsweredIsNot() {
    // given
    scene.aborted("n1", scene.now().minusSeconds(1));
    var memory = Planner.plan(scene.observed(), Scene.TEMPLATE, Scene.HASH).memory();

    // when
    scene.after(Duration.ofSeconds(5)).podOfGone("n1").remembering(memory);

    // then
    assertThat(finding()).isEmpty();

    // when
    scene.aborted("n1", scene.now());

    // then
    assertThat(finding()).isPresent();
  }

  private PodReport healthy() {
    return new PodReport(
        scene.now(),
        null,
        Scene.HASH,
        new Store(Store.REACHABLE, "", false),
        1,
        Scene.figures(0, 0));
  }
}
