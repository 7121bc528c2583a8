package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.plan.Plan.Removal;
import io.ossmount.operator.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspensionTest {
  private final Scene scene = new Scene().nodes("n1", "n2").suspend();

  /** One round, after which the operator remembers. */
  private Plan plan() {
    var plan = Planner.plan(scene.observed(), Scene.TEMPLATE, Scene.HASH);
    scene.remembering(plan.memory());
    return plan;
  }

  private static List<String> removals(Plan plan) {
    return plan.removals().stream().map((Removal removal) -> removal.pod().name()).toList();
  }

  @Test
  void podsEndAtOnceWhenNothingIsInUse() {
    // given
    scene.volume("pv-a").servingPod("n1").servingPod("n2").budget("n1").cache("{replicas: 2}");

    // when
    var plan = plan();

    // then
    assertThat(plan.suspension()).isEqualTo(new Suspension.Holding(List.of()));
    assertThat(removals(plan)).containsExactlyInAnyOrder("training-data-n1", "training-data-n2");
    assertThat(plan.nodes()).isEmpty();
    assertThat(plan.pods()).isEmpty();
    assertThat(plan.creations()).isEmpty();
    assertThat(plan.unplaced()).isZero();
    assertThat(plan.budgets().removals()).hasSize(1);
  }

  @Test
  void whileAVolumeIsInUseServingGoesOn() {
    // given
    scene.volume("pv-a", "n1").volume("pv-b").servingPod("n1");

    // when
    var plan = plan();

    // then
    assertThat(plan.suspension()).isEqualTo(new Suspension.InUse(List.of("pv-a")));
    assertThat(plan.removals()).isEmpty();
    assertThat(plan.nodes()).containsExactly("n1");
  }

  @Test
  void aVolumeThatIsUsedOnAnotherNodeIsServedThereUntilNoneIs() {
    // given
    scene.volume("pv-a", "n1", "n2").servingPod("n1");

    // when
    var inUse = plan();
    scene.servingPod("n2").volume("pv-a");
    var unused = plan();

    // then
    assertThat(inUse.creations()).extracting(Plan.Creation::node).containsExactly("n2");
    assertThat(removals(unused)).hasSize(2);
  }

  @Test
  void aPodWithSessionsIsNotEndedWhateverElseIsKnown() {
    // given
    scene.volume("pv-a").servingPod("n1").report("n1", scene.serving(1));
    scene.remembering(Memory.NONE.withSuspended(true));

    // when
    var plan = plan();

    // then
    assertThat(plan.suspension()).isEqualTo(new Suspension.InUse(List.of("pv-a")));
    assertThat(plan.removals()).isEmpty();
    assertThat(plan.memory().suspended()).isFalse();
  }

  @Test
  void aPodThatHasToUploadIsNotEnded() {
    // given
    scene.volume("pv-a").servingPod("n1").uploads("n1", 2, scene.now(), "EndpointUnreachable");

    // when
    var plan = plan();

    // then
    assertThat(plan.suspension()).isEqualTo(new Suspension.InUse(List.of()));
    assertThat(plan.removals()).isEmpty();
  }

  @Test
  void aNodeWhosePodIsGoneUploadsFirst() {
    // given
    scene.cache("{replicas: 0}").servingPod("n1").uploads("n1", 2, scene.now(), "Reachable");
    plan();

    // when
    scene.podOfGone("n1");
    var gone = plan();
    scene.servingPod("n1");
    var done = plan();

    // then
    assertThat(gone.suspension()).isEqualTo(new Suspension.InUse(List.of()));
    assertThat(gone.creations()).extracting(Plan.Creation::node).containsExactly("n1");
    assertThat(done.suspension()).isEqualTo(new Suspension.Holding(List.of()));
  }

  @Test
  void aNodeThatIsGoneDoesNotHoldItUpAndIsNotForgotten() {
    // given
    scene.cache("{replicas: 0}").servingPod("n1").uploads("n1", 2, scene.now(), "Reachable");
    plan();

    // when
    scene.podOfGone("n1").nodeGone("n1");
    var gone = plan();
    scene.nodes("n1").suspend(false);
    var back = plan();

    // then
    assertThat(gone.suspension()).isEqualTo(new Suspension.Holding(List.of()));
    assertThat(gone.memory().uploads()).containsOnlyKeys("n1");
    assertThat(back.creations()).extracting(Plan.Creation::node).containsExactly("n1");
  }

  @Test
  void aPodThatWasNotAskedYetMayHaveToUpload() {
    // given
    scene.volume("pv-a").pod("n1", ready -> ready).cache("{replicas: 0}");

    // when
    var unasked = plan();
    scene.answers("n1", "Reachable", "");
    var answered = plan();

    // then
    assertThat(unasked.removals()).isEmpty();
    assertThat(removals(answered)).containsExactly("training-data-n1");
  }

  @Test
  void aVolumeThatIsAttachedAfterwardsWaits() {
    // given
    scene.volume("pv-a").servingPod("n1");
    plan();

    // when
    scene.volume("pv-a", "n1").pod("n1", Scene::terminating);
    var ending = plan();
    scene.podGone("training-data-n1");
    var ended = plan();

    // then
    assertThat(List.of(ending, ended))
        .allSatisfy(plan -> {
          assertThat(plan.suspension()).isEqualTo(new Suspension.Holding(List.of("pv-a")));
          assertThat(plan.creations()).isEmpty();
        });
  }

  @Test
  void withoutMemoryAVolumeInUseIsServed() {
    // given
    scene.volume("pv-a", "n1");

    // then
    assertThat(plan().creations()).hasSize(1);
  }

  @Test
  void thePodsComeBackAndTheNextTimeIsLikeTheFirst() {
    // given
    scene.volume("pv-a").servingPod("n1");
    plan();
    scene.podGone("training-data-n1").volume("pv-a", "n1");
    plan();

    // when
    var back = Planner.plan(scene.suspend(false).observed(), Scene.TEMPLATE, Scene.HASH);
    scene.remembering(back.memory()).servingPod("n1").suspend();
    var again = plan();

    // then
    assertThat(back.suspension()).isEqualTo(new Suspension.NotAsked());
    assertThat(back.creations()).extracting(Plan.Creation::node).containsExactly("n1");
    assertThat(again.suspension()).isEqualTo(new Suspension.InUse(List.of("pv-a")));
  }
}
