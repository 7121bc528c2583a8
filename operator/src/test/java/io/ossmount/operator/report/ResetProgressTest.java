package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.ResetStatus;
import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.DeadSessions;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.Reset;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.ObservedReset;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResetProgressTest {
  private static final Outcome NOTHING_DONE =
      new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty());

  private final Scene scene =
      new Scene().nodes("n1", "n2").volume("pv-a", "n1").volume("pv-b", "n2");

  private Assessment assess() {
    var observed = scene.observed();
    return Assessment.of(
        observed, Planner.plan(observed, Scene.TEMPLATE, Scene.HASH), NOTHING_DONE);
  }

  private Optional<Finding> condition() {
    return assess().findings().stream().filter(f -> f.type().equals("ResetPending")).findFirst();
  }

  private @Nullable ResetStatus status(@Nullable ResetStatus before) {
    var standing =
        new OssMountStatus(
            3L, List.of(), "2/2", 2, null, List.of(), null, List.of(), before, null, null);
    return StatusReport.of(scene.observed(), assess(), 0, standing).reset();
  }

  private void says(String node, Reset reset) {
    scene.servingPod(node);
    scene.report(
        node,
        new PodReport(
            scene.now(),
            null,
            Scene.HASH,
            new Store("Reachable", "", false),
            1,
            Scene.figures(0, 0),
            Map.of(),
            reset,
            PendingFigures.NONE,
            DeadSessions.NONE));
  }

  private static Reset done(String value, long bytes) {
    return new Reset(value, bytes, "", true);
  }

  @Test
  void nothingIsSaidWhenNothingWasEverAsked() {
    // given
    says("n1", Reset.NONE);
    says("n2", Reset.NONE);

    // then
    assertThat(condition()).isEmpty();
    assertThat(status(null)).isNull();
  }

  @Test
  void whileSomeNodesAreNotDoneTheyAreNamed() {
    // given
    scene.reset("monday", null);
    says("n1", done("monday", 412L << 20));
    says("n2", done("sunday", 1));

    // then
    assertThat(condition())
        .contains(Finding.yes("ResetPending", "InProgress", "1 of 2 nodes done; waiting for n2"));
    assertThat(status(null))
        .isEqualTo(
            new ResetStatus(
                "monday",
                "1/2",
                Quantity.parse("412Mi"),
                "2026-11-22T12:00:00Z",
                null,
                "1 of 2 nodes done; waiting for n2"));
    assertThat(assess().isReady()).isTrue();
  }

  @Test
  void whenAllNodesAreDoneItSaysHowMuchWasDropped() {
    // given
    var before =
        new ResetStatus("monday", "1/2", Quantity.parse("0"), "2026-11-22T11:59:00Z", null, "...");
    scene.reset("monday", before);
    says("n1", done("monday", 400L << 20));
    says("n2", done("monday", 12L << 20));

    // then
    assertThat(condition())
        .contains(Finding.no("ResetPending", "ResetDone", "412Mi dropped on 2 nodes"));
    assertThat(status(before))
        .isEqualTo(
            new ResetStatus(
                "monday",
                "2/2",
                Quantity.parse("412Mi"),
                "2026-11-22T11:59:00Z",
                "2026-11-22T12:00:00Z",
                "412Mi dropped on 2 nodes"));
  }

  @Test
  void whatIsDoneStaysDoneWhenAnotherPodComes() {
    // given
    var before =
        new ResetStatus(
            "monday",
            "1/1",
            Quantity.parse("412Mi"),
            "2026-11-22T11:59:00Z",
            "2026-11-22T11:59:02Z",
            "412Mi dropped on 1 node");
    scene.reset("monday", before);
    says("n1", done("monday", 412L << 20));
    says("n2", Reset.NONE);

    // then
    assertThat(condition())
        .contains(Finding.no("ResetPending", "ResetDone", "412Mi dropped on 1 node"));
    assertThat(status(before)).isEqualTo(before);
    scene.reset("", before);
    assertThat(condition()).isEmpty();
    assertThat(status(before)).isEqualTo(before);
    scene.reset("tuesday", before);
    assertThat(Objects.requireNonNull(status(before)).finishedAt()).isNull();
  }

  @Test
  void aPodThatHasNotStartedDoesNotHoldItUp() {
    // given
    scene.reset("monday", null);
    says("n1", done("monday", 1 << 20));

    // when
    var withoutPod = condition().orElseThrow();
    scene.volume("pv-a").volume("pv-b").podGone("training-data-n1").cache("{replicas: 0}");
    var withoutAny = condition().orElseThrow();

    // then
    assertThat(withoutPod.reason()).isEqualTo("ResetDone");
    assertThat(withoutAny.message())
        .isEqualTo("no cache pod runs; each node drops what it has cached before it serves again");
  }

  @Test
  void aNodeThatCannotIsTold() {
    // given
    scene.reset("monday", null);
    says("n1", done("monday", 1));
    says("n2", new Reset("monday", 0, "Read-only file system", false));

    // then
    assertThat(condition())
        .contains(
            Finding.yes(
                "ResetPending",
                "ResetFailing",
                "on node n2: Read-only file system; it is tried again"));
    assertThat(assess().warnings()).hasSize(1);
  }

  @Test
  void aValueThatIsNotValidResetsNothingAndIsTold() {
    for (var value : List.of("x".repeat(64), "a\nb")) {
      // given
      var mount = new OssMount();
      mount.getMetadata().setAnnotations(Map.of("ossmount.io/reset", value));

      // when
      scene.reset(ObservedReset.of(mount));

      // then
      assertThat(scene.observed().reset().asked()).isEmpty();
      assertThat(condition().orElseThrow().reason()).isEqualTo("ResetInvalid");
      assertThat(condition().orElseThrow().message())
          .startsWith("nothing was reset")
          .contains("ossmount.io/reset", "such as a date")
          .doesNotContain(value);
      assertThat(assess().warnings()).hasSize(1);
    }
  }

  @Test
  void whatIsAskedIsHandedToTheCachePods() {
    // given
    var mount = new OssMount();
    mount.getMetadata().setAnnotations(Map.of("ossmount.io/reset", "2026-11-25 by me"));

    // then
    assertThat(ObservedReset.of(mount).asked()).isEqualTo("2026-11-25 by me");
    assertThat(ObservedReset.of(new OssMount())).isEqualTo(ObservedReset.NONE);
  }
}
