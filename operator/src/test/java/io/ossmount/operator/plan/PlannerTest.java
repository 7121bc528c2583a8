package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedNode;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.plan.Plan.PendingUpdate;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Template NEW_RESOURCES =
      Template.ofContents(Map.of("image", "cache:1", "resources", "2Gi"));

  private final Scene scene = new Scene();

  private Plan plan() {
    return Planner.plan(scene.observed(), Scene.TEMPLATE, Scene.HASH);
  }

  private static List<String> creations(Plan plan) {
    return plan.creations().stream().map(Creation::node).toList();
  }

  private static List<String> removals(Plan plan) {
    return plan.removals().stream().map(removal -> removal.pod().name()).toList();
  }

  @Nested
  class Placing {
    @Test
    void everyNodeWithAnAttachedVolumeGetsAPod() {
      // given
      scene.nodes("n1", "n2", "n3").volume("pv-a", "n1").volume("pv-b", "n3");

      // when
      var plan = plan();

      // then
      assertThat(plan.nodes()).containsExactly("n1", "n3");
      assertThat(creations(plan)).containsExactly("n1", "n3");
    }

    @Test
    void replicasAreThereBeforeAnyVolumeIs() {
      // given
      scene.nodes("n1", "n2", "n3").cache("{replicas: 2}");

      // then
      assertThat(creations(plan())).hasSize(2);
    }

    @Test
    void nodesInDemandCountAsReplicas() {
      // given
      scene.nodes("n1", "n2", "n3").cache("{replicas: 2}").volume("pv-a", "n1", "n2");

      // then
      assertThat(plan().nodes()).containsExactly("n1", "n2");
    }

    @Test
    void withoutReplicasNothingIsMadeUntilAVolumeIsThere() {
      // given
      scene.nodes("n1").cache("{replicas: 0}");

      // then
      assertThat(plan().nodes()).isEmpty();
    }

    @Test
    void aReplicaStaysWhereItIs() {
      // given
      for (int i = 0; i < 20; i++) {
        scene.nodes("n" + i);
      }
      scene.servingPod("n7");

      // then
      assertThat(plan().nodes()).containsExactly("n7");
    }

    @Test
    void replicasGoToNodesThatTheSelectorMatches() {
      // given
      scene
          .nodes("n1", "n2")
          .node(new ObservedNode("gpu", Map.of("pool", "gpu"), true, false))
          .cache("{nodeSelector: {pool: gpu}}");

      // then
      assertThat(plan().nodes()).containsExactly("gpu");
    }

    @Test
    void aNodeInDemandNeedsNoLabel() {
      // given
      scene.nodes("n1").cache("{nodeSelector: {pool: gpu}}").volume("pv-a", "n1");

      // then
      assertThat(plan().nodes()).containsExactly("n1");
    }

    @Test
    void replicasAvoidCordonedNodesAndPreferThoseWithoutTaints() {
      // given
      scene
          .node(new ObservedNode("cordoned", Map.of(), false, false))
          .node(new ObservedNode("tainted", Map.of(), true, true))
          .node(new ObservedNode("plain", Map.of(), true, false));

      // then
      assertThat(plan().nodes()).containsExactly("plain");
    }

    @Test
    void replicasWithoutANodeAreCounted() {
      // given
      scene.nodes("n1").cache("{replicas: 3}");

      // then
      assertThat(plan().unplaced()).isEqualTo(2);
    }

    @Test
    void aNodeThatIsGoneGetsNoPod() {
      // given
      scene.nodes("n1").volume("pv-a", "n1", "gone");

      // then
      assertThat(plan().nodes()).containsExactly("n1");
    }

    @Test
    void aNodeWhoseVolumesAreDetachedByForceKeepsItsPodWhileThereAreSessions() {
      // given
      scene.nodes("n1", "n2").cache("{replicas: 0}").servingPod("n1");
      scene.report("n1", scene.serving(1));

      // then
      assertThat(plan().nodes()).containsExactly("n1");
    }
  }

  @Nested
  class Keeping {
    @Test
    void anIdlePodStaysForTheIdleTimeout() {
      // given
      scene.nodes("n1").cache("{replicas: 0, idleTimeout: 10m}").servingPod("n1");

      // when
      var first = plan();
      scene.remembering(first.memory()).after(Duration.ofMinutes(9));
      var second = plan();

      // then
      assertThat(first.removals()).isEmpty();
      assertThat(first.next()).isEqualTo(Scene.START.plus(Duration.ofMinutes(10)));
      assertThat(second.removals()).isEmpty();
    }

    @Test
    void andThenGoes() {
      // given
      scene.nodes("n1").cache("{replicas: 0, idleTimeout: 10m}").servingPod("n1");
      scene.remembering(plan().memory()).after(Duration.ofMinutes(10));

      // when
      var plan = plan();

      // then
      assertThat(removals(plan)).containsExactly("training-data-n1");
      assertThat(plan.memory()).isEqualTo(Memory.NONE);
    }

    @Test
    void demandEndsIdleness() {
      // given
      scene.nodes("n1").cache("{replicas: 0}").servingPod("n1");
      scene.remembering(plan().memory()).after(Duration.ofMinutes(9)).volume("pv-a", "n1");

      // then
      assertThat(plan().memory().idleSince()).isEmpty();
    }

    @Test
    void aSecondPodOfANodeGoes() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1");
      scene.podNamed("training-data-twin", "n1", Scene.troubled(null, ""));

      // then
      assertThat(removals(plan())).containsExactly("training-data-twin");
    }

    @Test
    void aNodeGetsNoNewPodBeforeTheOldOneIsGone() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").pod("n1", Scene::terminating);

      // then
      assertThat(plan().creations()).isEmpty();
    }

    @Test
    void aPodThatEndedIsReplacedAfterAWhile() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").pod("n1", pod -> ended(pod));

      // when
      var atOnce = plan();
      var later =
          Planner.plan(scene.after(Planner.ENDED_POD_STAYS).observed(), Scene.TEMPLATE, Scene.HASH);

      // then
      assertThat(atOnce.removals()).isEmpty();
      assertThat(atOnce.next()).isEqualTo(Scene.START.plus(Planner.ENDED_POD_STAYS));
      assertThat(removals(later)).containsExactly("training-data-n1");
      assertThat(later.creations()).isEmpty();
    }

    private ObservedPod ended(ObservedPod pod) {
      return new ObservedPod(
          pod.name(),
          pod.uid(),
          pod.node(),
          pod.version(),
          Scene.START,
          pod.template(),
          pod.configuration(),
          null,
          false,
          Scene.START,
          false,
          new Trouble(Trouble.Kind.ENDED, "Evicted"));
    }

    @Test
    void planningAgainChangesNothing() {
      // given
      scene.nodes("n1", "n2").volume("pv-a", "n1").servingPod("n1");

      // when
      var plan = plan();

      // then
      assertThat(plan.creations()).isEmpty();
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pushes()).isEmpty();
      assertThat(plan.pending()).isNull();
    }
  }

  @Nested
  class Updating {
    @Test
    void aChangedTemplateWaitsWhileVolumesAreInUse() {
      // given
      scene
          .nodes("n1")
          .volume("pv-a", "n1")
          .volume("pv-unused")
          .pod("n1", Scene.template(NEW_RESOURCES));

      // when
      var plan = plan();

      // then
      assertThat(plan.removals()).isEmpty();
      assertThat(plan.pending())
          .isEqualTo(new PendingUpdate(List.of("resources"), List.of("pv-a")));
    }

    @Test
    void unusedPodsAreReplacedOneAtATime() {
      // given
      scene
          .nodes("n1", "n2")
          .cache("{replicas: 2}")
          .pod("n1", Scene.template(NEW_RESOURCES))
          .pod("n2", Scene.template(NEW_RESOURCES));

      // when
      var plan = plan();

      // then
      assertThat(removals(plan)).containsExactly("training-data-n1");
      assertThat(plan.creations()).isEmpty();
      assertThat(plan.pending()).isEqualTo(new PendingUpdate(List.of("resources"), List.of()));
    }

    @Test
    void theNextIsReplacedWhenTheOneBeforeIsReady() {
      // given
      scene
          .nodes("n1", "n2")
          .cache("{replicas: 2}")
          .pod("n1", Scene.troubled(null, ""))
          .pod("n2", Scene.template(NEW_RESOURCES));

      // when
      var waiting = plan();
      scene.servingPod("n1");
      var going = plan();

      // then
      assertThat(waiting.removals()).isEmpty();
      assertThat(removals(going)).containsExactly("training-data-n2");
    }

    @Test
    void aPodThatServesNothingIsReplacedAtOnceEvenWhileVolumesWaitForIt() {
      // given
      scene
          .nodes("n1")
          .volume("pv-a", "n1")
          .pod(
              "n1",
              pod ->
                  Scene.template(NEW_RESOURCES)
                      .apply(Scene.troubled(Trouble.Kind.UNSCHEDULABLE, "too big").apply(pod)));

      // when
      var plan = plan();

      // then
      assertThat(removals(plan)).containsExactly("training-data-n1");
      assertThat(plan.pending()).isNull();
    }
  }

  @Nested
  class PushingConfiguration {
    @Test
    void aChangedConfigurationIsPushedAtOnce() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1");

      // when
      var plan = Planner.plan(scene.observed(), Scene.TEMPLATE, "beef");

      // then
      assertThat(plan.pushes()).extracting(Plan.Push::annotation).containsExactly("beef");
    }

    @Test
    void itIsPushedAgainWhenThePodHasNotTakenItUp() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1");
      var first = Planner.plan(scene.observed(), Scene.TEMPLATE, "beef");
      scene.pod("n1", Scene.configuration("beef")).remembering(first.memory());

      // when
      var soon =
          Planner.plan(scene.after(Duration.ofSeconds(4)).observed(), Scene.TEMPLATE, "beef");
      var later =
          Planner.plan(scene.after(Duration.ofSeconds(1)).observed(), Scene.TEMPLATE, "beef");
      scene.pod("n1", Scene.configuration("beef-1")).remembering(later.memory());
      var muchLater =
          Planner.plan(scene.after(Duration.ofSeconds(10)).observed(), Scene.TEMPLATE, "beef");

      // then
      assertThat(soon.pushes()).isEmpty();
      assertThat(soon.next()).isEqualTo(Scene.START.plusSeconds(5));
      assertThat(later.pushes()).extracting(Plan.Push::annotation).containsExactly("beef-1");
      assertThat(muchLater.pushes()).extracting(Plan.Push::annotation).containsExactly("beef-2");
    }

    @Test
    void aPodThatStartsWithAnOlderOneIsPushedAsSoonAsItSaysSo() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1");
      var first = Planner.plan(scene.observed(), Scene.TEMPLATE, "beef");
      var answer = scene.serving(1);
      scene
          .pod("n1", Scene.configuration("beef"))
          .report("n1", PodReport.NONE)
          .remembering(first.memory());

      // when
      var starting =
          Planner.plan(scene.after(Duration.ofSeconds(9)).observed(), Scene.TEMPLATE, "beef");
      scene.report("n1", answer).remembering(starting.memory());
      var started =
          Planner.plan(scene.after(Duration.ofSeconds(1)).observed(), Scene.TEMPLATE, "beef");

      // then
      assertThat(starting.pushes()).isEmpty();
      assertThat(starting.next()).isNull();
      assertThat(started.pushes()).extracting(Plan.Push::annotation).containsExactly("beef-1");
    }

    @Test
    void aPodThatHasTakenItUpIsLeftAlone() {
      // given
      scene
          .nodes("n1")
          .volume("pv-a", "n1")
          .servingPod("n1")
          .pod("n1", Scene.configuration(Scene.HASH + "-3"));

      // when
      var plan = plan();

      // then
      assertThat(plan.pushes()).isEmpty();
      assertThat(plan.memory()).isEqualTo(Memory.NONE);
    }
  }
}
