package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedContainer;
import io.ossmount.operator.observe.ObservedContainer.Resizing;
import io.ossmount.operator.observe.ObservedNode;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.PendingUpdate.Progress;
import io.ossmount.operator.plan.PendingUpdate.Replacing;
import io.ossmount.operator.plan.PendingUpdate.Rolling;
import io.ossmount.operator.plan.PendingUpdate.Stopped;
import io.ossmount.operator.plan.PendingUpdate.Waiting;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final Template OLD_IMAGE =
      Template.ofContents(Map.of("image", "cache:0", "resources", "1Gi"));
  private static final Template OLD_RESOURCES =
      Template.ofContents(Map.of("image", "cache:1", "resources", "2Gi"));
  private static final Template OLD_POD =
      Template.ofContents(Map.of("image", "cache:1", "resources", "1Gi", "pod", "old"));
  private static final Template WITH_POD =
      Template.ofContents(Map.of("image", "cache:1", "resources", "1Gi", "pod", "new"));

  private final Scene scene = new Scene();

  private Plan plan() {
    return plan(Scene.TEMPLATE);
  }

  private Plan plan(Template template) {
    return Planner.plan(scene.observed(), template, Scene.HASH);
  }

  private void outdated(Template template, String... nodes) {
    for (var node : nodes) {
      scene.nodes(node).volume("pv-" + node, node).servingPod(node);
      scene.pod(node, Scene.template(template)).report(node, scene.serving(2));
    }
  }

  private void changed(String node, UnaryOperator<ObservedPod> more) {
    var container = Scene.container(0, 0, null);
    scene.pod(node, pod -> more.apply(Scene.container(container).apply(pod)));
  }

  private void back(String node, int sessions) {
    scene.pod(node, Scene.container(Scene.container(1, 0, null)));
    scene.report(node, scene.serving(sessions));
  }

  private static List<String> patched(Plan plan) {
    return plan.patches().stream().map(patch -> patch.pod().node()).toList();
  }

  private static List<String> removed(Plan plan) {
    return plan.removals().stream().map(removal -> removal.pod().node()).toList();
  }

  private static Progress progress(int nodes, String... updated) {
    return new Progress(List.of(updated), nodes);
  }

  @Nested
  class WhileVolumesAreInUse {
    @BeforeEach
    void threeNodes() {
      outdated(OLD_IMAGE, "n1", "n2", "n3");
    }

    @Test
    void theFirstNodesPodIsChangedInPlace() {
      // when
      var plan = plan();

      // then
      assertThat(plan.patches())
          .singleElement()
          .satisfies(patch -> {
            assertThat(patch.pod().node()).isEqualTo("n1");
            assertThat(patch.parts()).containsExactly("image");
            assertThat(patch.template()).isEqualTo(Scene.TEMPLATE.text());
          });
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pending()).isEqualTo(new Rolling(progress(3), "n1", null));
    }

    @Test
    void theNextOneWaitsUntilKubeletHasRestartedIt() {
      // given
      scene.remembering(plan().memory());
      changed("n1", pod -> pod);

      // then
      assertThat(patched(plan())).isEmpty();
      assertThat(plan().pending()).isEqualTo(new Rolling(progress(3), "n1", null));
    }

    @Test
    void andUntilItIsReady() {
      // given
      scene.remembering(plan().memory());
      back("n1", 2);
      scene.pod(
          "n1",
          pod ->
              Scene.troubled(null, "")
                  .apply(Scene.container(Scene.container(1, 0, null)).apply(pod)));

      // then
      assertThat(patched(plan())).isEmpty();
    }

    @Test
    void andUntilItServesItsSessions() {
      // given
      scene.remembering(plan().memory());
      back("n1", 1);

      // when
      var waiting = plan();
      scene.report("n1", scene.serving(2));
      var going = plan();

      // then
      assertThat(patched(waiting)).isEmpty();
      assertThat(patched(going)).containsExactly("n2");
      assertThat(going.pending()).isEqualTo(new Rolling(progress(3, "n1"), "n2", null));
    }

    @Test
    void butNotForSessionsThatNobodyUsesAnyMore() {
      // given
      scene.remembering(plan().memory());
      back("n1", 0);
      scene.volume("pv-n1");

      // then
      assertThat(patched(plan())).containsExactly("n2");
    }

    @Test
    void sessionsThatAreFewerForAMinuteAreAllThatThereAre() {
      // given
      scene.remembering(plan().memory());
      back("n1", 1);

      // when
      scene.after(Recovery.COMES_BACK_WITHIN).report("n1", scene.serving(1));

      // then
      assertThat(patched(plan())).containsExactly("n2");
    }

    @Test
    void aPodThatServesNoneAgainStopsTheOthers() {
      // given
      scene.remembering(plan().memory());
      back("n1", 0);

      // when
      scene.after(Recovery.COMES_BACK_WITHIN).report("n1", scene.serving(0));

      // then
      assertThat(plan().patches()).isEmpty();
      assertThat(plan().pending())
          .isEqualTo(
              new Stopped(
                  progress(3),
                  "n1",
                  "cache pod training-data-n1 serves 0 of its 2 sessions again"));
    }

    @Test
    void aPodThatDoesNotStartStopsTheOthersAtOnce() {
      // given
      scene.remembering(plan().memory());
      changed("n1", Scene.troubled(Trouble.Kind.WAITING, "ErrImagePull: not found"));

      // when
      var plan = plan();

      // then
      assertThat(plan.patches()).isEmpty();
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pending())
          .isEqualTo(
              new Stopped(
                  progress(3),
                  "n1",
                  "cache pod training-data-n1 is not ready: ErrImagePull: not found"));
    }

    @Test
    void rollingBackMendsThatPodAndTouchesNoOther() {
      // given
      scene.remembering(plan().memory());
      changed("n1", Scene.troubled(Trouble.Kind.WAITING, "ErrImagePull: not found"));

      // when
      var plan = plan(OLD_IMAGE);

      // then
      assertThat(patched(plan)).containsExactly("n1");
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pending()).isEqualTo(new Rolling(progress(3, "n2", "n3"), "n1", null));
    }

    @Test
    void aChangeOfTheChangeStartsWithThePodThatIsNotBack() {
      // given
      scene.remembering(plan().memory());
      changed("n1", pod -> pod);

      // then
      assertThat(patched(plan(OLD_RESOURCES))).containsExactly("n1");
    }

    @Test
    void anOperatorThatForgotAllWaitsAllTheSame() {
      // given
      changed("n1", pod -> pod);

      // then
      assertThat(patched(plan())).isEmpty();
      assertThat(plan().pending()).isEqualTo(new Rolling(progress(3), "n1", null));
    }

    @Test
    void theUpdateIsOverWhenTheLastOneIsBack() {
      // given
      back("n1", 2);
      back("n2", 2);
      changed("n3", pod -> pod);

      // when
      var last = plan();
      back("n3", 2);
      var over = plan();

      // then
      assertThat(last.pending()).isEqualTo(new Rolling(progress(3, "n1", "n2"), "n3", null));
      assertThat(over.pending()).isNull();
      assertThat(over.patches()).isEmpty();
      assertThat(over.memory()).isEqualTo(Memory.NONE.withAnswers(scene.observed().answers()));
    }

    @Test
    void aNodeWithoutItsPodIsWaitedFor() {
      // given
      scene.nodes("n0").volume("pv-n0", "n0");

      // then
      assertThat(plan().patches()).isEmpty();
      assertThat(plan().pending()).isEqualTo(new Rolling(progress(3), "n1", "n0"));
    }

    @Test
    void aNodeThatIsAwayIsPassedOverUntilItIsBack() {
      // given
      scene.node(new ObservedNode("n1", Map.of(), false, false, false));
      scene.pod("n1", pod -> Scene.template(OLD_IMAGE).apply(Scene.troubled(null, "").apply(pod)));

      // when
      var others = plan();
      back("n2", 2);
      back("n3", 2);
      var left = plan();
      scene.nodes("n1");
      var returned = plan();

      // then
      assertThat(patched(others)).containsExactly("n2");
      assertThat(left.patches()).isEmpty();
      assertThat(left.pending()).isEqualTo(new Rolling(progress(3, "n2", "n3"), "n1", "n1"));
      assertThat(patched(returned)).containsExactly("n1");
    }

    @Test
    void aPodThatIsAsItShouldBeAndDoesNotServeStopsTheOthers() {
      // given
      scene.nodes("n0").volume("pv-n0", "n0");
      scene.pod("n0", Scene.troubled(null, "")).after(Recovery.COMES_BACK_WITHIN);

      // then
      assertThat(plan().pending())
          .isEqualTo(
              new Stopped(
                  progress(4), "n0", "cache pod training-data-n0 is not ready; see its log"));
    }

    @Test
    void whatTheApiServerRefusesWaitsAndIsNotAskedForAgainSoon() {
      // given
      var patch = plan().patches().getFirst();
      var refusal =
          new Memory.Refusal(
              "uid-of-training-data-n1", "image", patch.template(), "no", scene.now());
      scene.remembering(Memory.NONE.refused(List.of(refusal)));

      // when
      var others = plan();
      scene.podGone("training-data-n2").podGone("training-data-n3");
      scene.volume("pv-n2").volume("pv-n3");
      var alone = plan();
      scene.after(Refusals.HOLDS);
      var later = plan();

      // then
      assertThat(patched(others)).containsExactly("n2");
      assertThat(alone.patches()).isEmpty();
      assertThat(alone.next()).isEqualTo(Scene.START.plus(Refusals.HOLDS));
      assertThat(alone.pending())
          .isEqualTo(new Waiting(List.of("image"), List.of("pv-n1", "pv-n2", "pv-n3"), "no"));
      assertThat(patched(later)).containsExactly("n1");
    }
  }

  @Nested
  class Resources {
    @BeforeEach
    void twoNodes() {
      outdated(OLD_RESOURCES, "n1", "n2");
    }

    @Test
    void areChangedInPlace() {
      assertThat(plan().patches())
          .singleElement()
          .satisfies(patch -> {
            assertThat(patch.pod().node()).isEqualTo("n1");
            assertThat(patch.parts()).containsExactly("resources");
          });
    }

    @Test
    void ofAPodThatCannotBeResizedWaitUntilVolumesAreUnused() {
      // given
      scene.pod("n1", unresizable()).pod("n2", unresizable());

      // then
      assertThat(plan().patches()).isEmpty();
      assertThat(plan().pending())
          .isEqualTo(new Waiting(List.of("resources"), List.of("pv-n1", "pv-n2"), null));
    }

    @Test
    void thatTheNodeDoesNotHaveStopTheOthers() {
      // given
      scene.remembering(plan().memory());
      var stuck = new Resizing(true, "Infeasible: Node didn't have enough capacity: memory");
      scene.pod("n1", Scene.container(Scene.container(0, 0, stuck)));

      // then
      assertThat(plan().patches()).isEmpty();
      assertThat(plan().pending())
          .isEqualTo(
              new Stopped(
                  progress(2),
                  "n1",
                  "cache pod training-data-n1 does not get its resources: Infeasible: Node didn't"
                      + " have enough capacity: memory"));
    }

    @Test
    void thatDoNotRestartAreGivenToTheNextWhenKubeletHasMadeThem() {
      // given
      scene.remembering(plan().memory());
      scene.pod("n1", Scene.container(Scene.container(0, -1, new Resizing(false, "at it"))));

      // when
      var waiting = plan();
      scene.pod("n1", Scene.container(Scene.container(0, -1, null)));
      var going = plan();

      // then
      assertThat(patched(waiting)).isEmpty();
      assertThat(patched(going)).containsExactly("n2");
    }

    private static UnaryOperator<ObservedPod> unresizable() {
      var container = Scene.container(0, -1, null);
      return pod ->
          Scene.template(OLD_RESOURCES)
              .apply(
                  Scene.container(
                          new ObservedContainer(
                              container.id(),
                              container.image(),
                              0,
                              -1,
                              false,
                              container.resources(),
                              null))
                      .apply(pod));
    }
  }

  @Nested
  class WhatCannotChangeInARunningPod {
    @Test
    void waitsWhileVolumesAreInUse() {
      // given
      outdated(OLD_POD, "n1");
      scene.volume("pv-unused");

      // when
      var plan = plan(WITH_POD);

      // then
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pending())
          .isEqualTo(new Waiting(List.of("pod"), List.of("pv-n1", "pv-unused"), null));
    }

    @Test
    void doesNotKeepTheRestFromChanging() {
      // given
      outdated(Template.ofContents(Map.of("image", "cache:0", "pod", "old")), "n1");

      // when
      var plan = plan(WITH_POD);

      // then
      assertThat(plan.patches())
          .singleElement()
          .satisfies(patch -> {
            assertThat(patch.parts()).containsExactly("image", "resources");
            assertThat(patch.template()).isEqualTo(OLD_POD.text());
          });
    }

    @Test
    void isReplacedOneNodeAtATimeWhenNoVolumeIsInUse() {
      // given
      scene
          .nodes("n1", "n2")
          .cache("{replicas: 2}")
          .pod("n1", Scene.template(OLD_POD))
          .pod("n2", Scene.template(OLD_POD));

      // when
      var first = plan(WITH_POD);
      scene.podGone("training-data-n1").pod("n1", pod -> starting(pod));
      var waiting = plan(WITH_POD);
      scene.pod("n1", Scene.template(WITH_POD));
      var second = plan(WITH_POD);

      // then
      assertThat(removed(first)).containsExactly("n1");
      assertThat(first.creations()).isEmpty();
      assertThat(first.pending()).isEqualTo(new Replacing(List.of("pod")));
      assertThat(waiting.removals()).isEmpty();
      assertThat(removed(second)).containsExactly("n2");
    }

    @Test
    void waitsUntilAllIsUploaded() {
      // given
      scene.nodes("n1").pod("n1", Scene.template(OLD_POD));
      scene.uploads("n1", 2, scene.now(), "Reachable");

      // when
      var uploading = plan(WITH_POD);
      scene.answers("n1", "Reachable", "");
      var done = plan(WITH_POD);

      // then
      assertThat(uploading.removals()).isEmpty();
      assertThat(uploading.pending()).isEqualTo(new Waiting(List.of("pod"), List.of(), null));
      assertThat(removed(done)).containsExactly("n1");
    }

    private ObservedPod starting(ObservedPod pod) {
      return Scene.template(WITH_POD).apply(Scene.troubled(null, "").apply(pod));
    }

    @Test
    void ofAPodThatServesNothingIsReplacedAtOnceEvenWhileVolumesWaitForIt() {
      // given
      outdated(OLD_POD, "n1");
      scene.pod(
          "n1",
          pod ->
              Scene.template(OLD_POD)
                  .apply(Scene.troubled(Trouble.Kind.CRASHING, "it ends").apply(pod)));

      // then
      assertThat(removed(plan(WITH_POD))).containsExactly("n1");
    }
  }

  @Test
  void aPodThatFindsNoRoomIsReplacedForItsResources() {
    // given
    scene
        .nodes("n1")
        .volume("pv-a", "n1")
        .pod(
            "n1",
            pod ->
                Scene.template(OLD_RESOURCES)
                    .apply(Scene.troubled(Trouble.Kind.UNSCHEDULABLE, "too big").apply(pod)));

    // when
    var plan = plan();

    // then
    assertThat(removed(plan)).containsExactly("n1");
    assertThat(plan.patches()).isEmpty();
    assertThat(plan.pending()).isNull();
  }

  @Test
  void aPodThatCrashesWeeksLaterIsNoUpdate() {
    // given
    scene.nodes("n1").volume("pv-a", "n1").servingPod("n1").report("n1", PodReport.NONE);
    scene
        .pod(
            "n1",
            pod ->
                Scene.troubled(Trouble.Kind.CRASHING, "it ends")
                    .apply(Scene.container(Scene.container(4, 0, null)).apply(pod)))
        .after(Duration.ofDays(7));

    // then
    assertThat(plan().pending()).isNull();
  }
}
