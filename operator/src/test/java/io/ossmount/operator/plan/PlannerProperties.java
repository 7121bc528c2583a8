package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of every plan, whatever was seen. */
class PlannerProperties {
  private static final List<UnaryOperator<ObservedPod>> STATES =
      List.of(
          pod -> pod,
          Scene::terminating,
          Scene.troubled(null, ""),
          Scene.troubled(Trouble.Kind.UNSCHEDULABLE, "full"),
          Scene.troubled(Trouble.Kind.ENDED, "evicted"),
          Scene.template(Template.parse("image=old")),
          Scene.configuration("old"));

  private static Scene scene(long seed, int nodes, int replicas) {
    var random = new Random(seed);
    var scene = new Scene().cache("{replicas: %d}".formatted(replicas));
    for (int n = 0; n < nodes; n++) {
      scene.nodes("n" + n);
      for (int p = random.nextInt(3); p > 0; p--) {
        scene.podNamed("pod-" + n + "-" + p, "n" + n, STATES.get(random.nextInt(STATES.size())));
      }
    }
    for (int v = random.nextInt(4); v > 0; v--) {
      scene.volume(
          "pv-" + v,
          IntStream.range(0, random.nextInt(3))
              .mapToObj(_ -> "n" + random.nextInt(nodes + 2))
              .distinct()
              .toArray(String[]::new));
    }
    return scene;
  }

  private static Plan plan(Observed observed) {
    return Planner.plan(observed, Scene.TEMPLATE, Scene.HASH);
  }

  @Property(tries = 500)
  void noNodeEverHasTwoPodsThatDoNotEnd(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(max = 9) int replicas) {
    // given
    var observed = scene(seed, nodes, replicas).observed();

    // when
    var plan = plan(observed);

    // then
    var occupied =
        observed.pods().stream()
            .filter(pod -> !pod.terminating() && !pod.ended())
            .map(ObservedPod::node)
            .collect(Collectors.toSet());
    var names = observed.pods().stream().map(ObservedPod::name).collect(Collectors.toSet());
    assertThat(plan.creations())
        .allSatisfy(creation -> assertThat(occupied).doesNotContain(creation.node()))
        .extracting(Plan.Creation::node)
        .doesNotHaveDuplicates();
    assertThat(plan.creations())
        .extracting(Plan.Creation::name)
        .doesNotHaveDuplicates()
        .noneMatch(names::contains);
    var removed =
        plan.removals().stream().map(removal -> removal.pod().name()).collect(Collectors.toSet());
    assertThat(observed.pods())
        .filteredOn(pod -> !pod.terminating() && !pod.ended() && !removed.contains(pod.name()))
        .extracting(ObservedPod::node)
        .doesNotHaveDuplicates();
  }

  @Property(tries = 500)
  void everyNodeInDemandAndAsManyAsReplicasShallHaveAPod(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(max = 9) int replicas) {
    // given
    var observed = scene(seed, nodes, replicas).observed();

    // when
    var plan = plan(observed);

    // then
    var demand = new HashSet<>(observed.demand());
    demand.removeIf(node -> Integer.parseInt(node.substring(1)) >= nodes);
    assertThat(plan.nodes()).containsAll(demand);
    assertThat(plan.nodes().size() + plan.unplaced()).isGreaterThanOrEqualTo(replicas);
    assertThat(plan.nodes()).hasSizeLessThanOrEqualTo(Math.max(replicas, demand.size()));
  }

  @Property(tries = 500)
  void whatWasPlacedStaysWhenANodeComes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(max = 8) int replicas) {
    // given
    var scene = new Scene().cache("{replicas: %d}".formatted(replicas));
    IntStream.range(0, nodes).forEach(n -> scene.nodes("n" + n));
    var before = plan(scene.observed());
    before.nodes().forEach(scene::servingPod);

    // when
    scene.nodes("new-" + seed).after(Duration.ofSeconds(1));
    var after = plan(scene.observed());

    // then
    assertThat(after.nodes()).containsAll(before.nodes());
    assertThat(after.removals()).isEmpty();
  }
}
