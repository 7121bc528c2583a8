package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuspendFindingTest {
  private static final Outcome NOTHING_DONE =
      new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty());

  private final Scene scene = new Scene().nodes("n1").volume("pv-a");

  /** One round, after which the operator remembers. */
  private Assessment assess() {
    var observed = scene.observed();
    var plan = Planner.plan(observed, Scene.TEMPLATE, Scene.HASH);
    scene.remembering(plan.memory());
    return Assessment.of(observed, plan, NOTHING_DONE);
  }

  private Optional<Finding> suspended() {
    return assess().findings().stream().filter(f -> f.type().equals("Suspended")).findFirst();
  }

  @Test
  void nothingIsSaidUnlessItIsAskedFor() {
    // given
    scene.servingPod("n1");

    // then
    assertThat(suspended()).isEmpty();
  }

  @Test
  void volumesInUseAreNamedAndTheOssMountStaysReady() {
    // given
    scene.suspend().volume("pv-a", "n1").servingPod("n1");

    // then
    assertThat(suspended())
        .contains(
            Finding.no(
                "Suspended",
                "VolumesInUse",
                "spec.suspend waits while volumes are in use, and serving goes on: pv-a"));
    assertThat(assess().isReady()).isTrue();
  }

  @Test
  void uploadsAreWhatItWaitsForToo() {
    // given
    scene.suspend().servingPod("n1").uploads("n1", 2, scene.now(), "Reachable");

    // then
    assertThat(suspended())
        .contains(
            Finding.no(
                "Suspended",
                "Uploading",
                "spec.suspend waits for 2 objects (2Mi) that were written and are not in OSS yet"));
  }

  @Test
  void itIsSuspendedWhenTheLastPodIsGone() {
    // given
    scene.suspend().servingPod("n1");
    assess();

    // when
    scene.pod("n1", Scene::terminating);
    var ending = suspended();
    scene.podGone("training-data-n1");
    var gone = assess();

    // then
    assertThat(ending)
        .contains(Finding.no("Suspended", "Ending", "cache pods have still to end: 1"));
    assertThat(suspended().orElseThrow().reason()).isEqualTo("Suspended");
    assertThat(gone.ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "Suspended",
                "spec.suspend is true: no cache pod runs, and no volume is served until it is false"));
  }

  @Test
  void aVolumeThatWaitsIsNamed() {
    // given
    scene.suspend();
    assess();

    // when
    scene.volume("pv-a", "n1");

    // then
    assertThat(assess().ready().message()).endsWith("until it is false; waiting: pv-a");
    assertThat(assess().problem()).isPresent();
  }

  @Test
  void aDeletionIsToldFirst() {
    // given
    scene.suspend().deleting();

    // then
    assertThat(assess().ready().reason()).isEqualTo("DeletionBlocked");
  }
}
