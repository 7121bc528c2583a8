package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedNode;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlannerTest {
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

  private static ObservedPod ended(ObservedPod pod) {
    return Scene.troubled(Trouble.Kind.ENDED, "Evicted").apply(pod);
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
          .node(new ObservedNode("gpu", Map.of("pool", "gpu"), true, true, false))
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
          .node(new ObservedNode("cordoned", Map.of(), true, false, false))
          .node(new ObservedNode("tainted", Map.of(), true, true, true))
          .node(new ObservedNode("plain", Map.of(), true, true, false));

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
    void aPodThatHasToUploadSomethingIsNotIdle() {
      // given
      scene.nodes("n1").cache("{replicas: 0, idleTimeout: 10m}").servingPod("n1");
      scene.uploads("n1", 3, Scene.START, "Reachable");
      scene.remembering(plan().memory()).after(Duration.ofHours(1));

      // when
      var uploading = plan();
      scene.remembering(uploading.memory()).servingPod("n1");
      var done = plan();

      // then
      assertThat(uploading.removals()).isEmpty();
      assertThat(uploading.budgets().creations()).hasSize(1);
      assertThat(done.removals()).isEmpty();
      assertThat(done.next()).isEqualTo(scene.now().plus(Duration.ofMinutes(10)));
    }

    @Test
    void aNodeWhosePodIsGoneGetsAnotherUntilThatHasUploadedAll() {
      // given
      scene.nodes("n1", "n2").cache("{replicas: 0, idleTimeout: 10m}").servingPod("n1");
      scene.uploads("n1", 3, Scene.START, "Reachable");
      scene.remembering(plan().memory()).podOfGone("n1");

      // when
      var gone = plan();
      scene.remembering(gone.memory()).pod("n1", pod -> pod).after(Duration.ofHours(1));
      var unasked = plan();
      scene.remembering(unasked.memory()).answers("n1", "Reachable", "");
      var done = plan();

      // then
      assertThat(creations(gone)).containsExactly("n1");
      assertThat(unasked.removals()).isEmpty();
      assertThat(unasked.memory().uploads()).containsOnlyKeys("n1");
      assertThat(done.nodes()).isEmpty();
      assertThat(done.memory().uploads()).isEmpty();
      assertThat(done.next()).isEqualTo(scene.now().plus(Duration.ofMinutes(10)));
    }

    @Test
    void aNodeThatIsGoneGetsNoPodAndIsRememberedUntilItIsBackOrGivenUp() {
      // given
      scene.nodes("n1", "n2").cache("{replicas: 0}").servingPod("n1");
      scene.uploads("n1", 3, Scene.START, "Reachable");
      scene.remembering(plan().memory()).podOfGone("n1").nodeGone("n1");

      // when
      var gone = plan();
      scene.remembering(gone.memory()).forgetting("n1");
      var givenUp = plan();
      scene.forgetting().nodes("n1");
      var back = plan();

      // then
      assertThat(creations(gone)).isEmpty();
      assertThat(gone.memory().uploads()).containsOnlyKeys("n1");
      assertThat(givenUp.memory().uploads()).isEmpty();
      assertThat(creations(back)).containsExactly("n1");
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
    void aPodThatEndsIsFollowedAtOnceByOneWithAnotherName() {
      // given
      scene.nodes("n1").volume("pv-a", "n1");
      var first = plan().creations().getFirst();
      scene.podNamed(first.name(), "n1", Scene::terminating);

      // when
      var plan = plan();

      // then
      assertThat(creations(plan)).containsExactly("n1");
      assertThat(plan.creations().getFirst().name()).isNotEqualTo(first.name());
      assertThat(plan.removals()).isEmpty();
    }

    @Test
    void itWaitsWhereTheNodeHasNoRoomForTwo() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").pod("n1", Scene::terminating).crowded("n1");

      // then
      assertThat(plan().creations()).isEmpty();
    }

    @Test
    void whoDeletesThemAllGetsNoMoreThanTwoThatEnd() {
      // given
      scene.nodes("n1").volume("pv-a", "n1");
      scene.podNamed("one", "n1", Scene::terminating).podNamed("two", "n1", Scene::terminating);

      // then
      assertThat(plan().creations()).isEmpty();
    }

    @Test
    void aPodThatEndsIsNotFollowedOnACordonedNodeWithoutVolumes() {
      // given
      scene
          .node(new ObservedNode("n1", Map.of(), true, false, false))
          .pod("n1", Scene::terminating);

      // when
      var idle = plan();
      scene.volume("pv-a", "n1");
      var inDemand = plan();

      // then
      assertThat(idle.creations()).isEmpty();
      assertThat(creations(inDemand)).containsExactly("n1");
    }

    @Test
    void thePodThatEndedIsReplacedAtOnceTheNextOnesEverLater() {
      // given
      scene.nodes("n1").volume("pv-a", "n1");
      var waits = new ArrayList<Long>();
      for (int i = 0; i < 5; i++) {
        scene.podNamed("pod-" + i, "n1", PlannerTest::ended);

        // when
        var plan = plan();
        long waited = 0;
        while (plan.creations().isEmpty()) {
          var next = Objects.requireNonNull(plan.next());
          waited += Duration.between(scene.now(), next).toSeconds();
          scene.after(Duration.between(scene.now(), next)).remembering(plan.memory());
          plan = plan();
        }
        waits.add(waited);
        assertThat(removals(plan)).containsExactly("pod-" + i);
        scene.podGone("pod-" + i).remembering(plan.memory());
      }

      // then
      assertThat(waits).containsExactly(0L, 10L, 20L, 40L, 80L);
    }

    @Test
    void anEndIsForgottenAfterAWhile() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").pod("n1", PlannerTest::ended);
      scene.remembering(plan().memory()).after(Endings.FORGOTTEN_AFTER);

      // then
      assertThat(creations(plan())).containsExactly("n1");
      assertThat(plan().memory().endings().get("n1")).isEqualTo(new Memory.Endings(1, scene.now()));
    }

    @Test
    void aPodThatEndedWithItsNodeWaitsForTheNode() {
      // given
      scene
          .node(new ObservedNode("n1", Map.of(), false, false, false))
          .volume("pv-a", "n1")
          .pod("n1", PlannerTest::ended);

      // when
      var away = plan();
      scene.nodes("n1").remembering(away.memory());
      var back = plan();

      // then
      assertThat(away.creations()).isEmpty();
      assertThat(away.removals()).isEmpty();
      assertThat(creations(back)).containsExactly("n1");
      assertThat(removals(back)).containsExactly("training-data-n1");
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
  class Disrupting {
    @Test
    void podsOfNodesWithVolumesAreProtected() {
      // given
      scene.nodes("n1", "n2").cache("{replicas: 2}").volume("pv-a", "n1");
      scene.servingPod("n1").servingPod("n2");

      // when
      var plan = plan();

      // then
      assertThat(plan.budgets().creations())
          .extracting(ObservedPod::name)
          .containsExactly("training-data-n1");
      assertThat(plan.budgets().removals()).isEmpty();
    }

    @Test
    void sessionsProtectWhenTheVolumeIsDetachedByForce() {
      // given
      scene.nodes("n1").servingPod("n1").report("n1", scene.serving(1));

      // then
      assertThat(plan().budgets().creations()).hasSize(1);
    }

    @Test
    void aPodThatFellSilentIsNotProtectedByWhatItSaidBefore() {
      // given
      scene.nodes("n1").servingPod("n1").report("n1", silent(1));

      // then
      assertThat(plan().budgets().creations()).isEmpty();
    }

    @Test
    void whatIsThereIsNotMadeAgain() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1").budget("n1");

      // then
      assertThat(plan().budgets()).isEqualTo(new Plan.Budgets(List.of(), List.of()));
    }

    @Test
    void theLastVolumeOrThePodTakesItAway() {
      // given
      scene.nodes("n1").volume("pv-a", "n1").servingPod("n1").budget("n1");

      // when
      scene.volume("pv-a");
      var unused = plan();
      scene.volume("pv-a", "n1").pod("n1", Scene::terminating);
      var ending = plan();

      // then
      assertThat(unused.budgets().removals()).hasSize(1);
      assertThat(ending.budgets().removals()).hasSize(1);
    }

    private PodReport silent(int sessions) {
      return new PodReport(
          Scene.START,
          "UNAVAILABLE",
          Scene.HASH,
          new Store("Reachable", "", false),
          sessions,
          Scene.figures(0, 0));
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
      assertThat(plan.memory()).isEqualTo(Memory.NONE.withAnswers(scene.observed().answers()));
    }
  }
}
