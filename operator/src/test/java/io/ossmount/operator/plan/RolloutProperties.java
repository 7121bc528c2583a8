package io.ossmount.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * A roll-out with kubelets that take their time, and an operator that forgets what it remembered,
 * or ends between two calls to the API server.
 */
class RolloutProperties {
  private static final Template BEFORE =
      Template.ofContents(Map.of("image", "cache:0", "resources", "1Gi"));
  private static final Template AFTER = Scene.TEMPLATE;

  /** Restarts of a pod's container, and how many steps the next one still takes; 0: it runs. */
  private static final class Pod {
    Template template = BEFORE;
    int restarts;
    int restartsBeforeChange = -1;
    int stepsUntilRestarted;
    int stepsUntilReady;
    int sessions = 2;

    boolean serves() {
      return stepsUntilRestarted == 0 && stepsUntilReady == 0;
    }
  }

  private final Map<String, Pod> pods = new HashMap<>();
  private Memory memory = Memory.NONE;
  private int steps;

  private Pod pod(String node) {
    return Objects.requireNonNull(pods.get(node));
  }

  private Plan plan() {
    var scene = new Scene().after(Duration.ofSeconds(steps)).remembering(memory);
    pods.forEach((node, pod) -> {
      scene.nodes(node).volume("pv-" + node, node).pod(node, as -> observed(as, pod));
      scene.report(node, scene.serving(pod.serves() ? pod.sessions : 0));
    });
    return Planner.plan(scene.observed(), AFTER, Scene.HASH);
  }

  private static ObservedPod observed(ObservedPod as, Pod pod) {
    var container = Scene.container(pod.restarts, pod.restartsBeforeChange, null);
    // Until kubelet acts, the old container runs and is ready.
    var changed = Scene.container(container).apply(Scene.template(pod.template).apply(as));
    boolean ready = pod.stepsUntilRestarted > 0 || pod.stepsUntilReady == 0;
    return ready ? changed : Scene.troubled(null, "").apply(changed);
  }

  private void apply(Plan plan, Random random, String broken) {
    memory = random.nextInt(4) == 0 ? Memory.NONE : plan.memory();
    for (var patch : plan.patches()) {
      if (random.nextInt(4) == 0) {
        return;
      }
      var pod = pod(patch.pod().node());
      pod.template = Template.parse(patch.template());
      pod.restartsBeforeChange = pod.restarts;
      pod.stepsUntilRestarted = 1 + random.nextInt(3);
      pod.stepsUntilReady =
          patch.pod().node().equals(broken) ? Integer.MAX_VALUE : 1 + random.nextInt(3);
    }
  }

  private void kubeletsGoOn() {
    for (var pod : pods.values()) {
      if (pod.stepsUntilRestarted > 0) {
        if (--pod.stepsUntilRestarted == 0) {
          pod.restarts++;
        }
      } else if (pod.stepsUntilReady > 0 && pod.stepsUntilReady < Integer.MAX_VALUE) {
        pod.stepsUntilReady--;
      }
    }
  }

  private void run(int nodes, String broken, Random random) {
    pods.clear();
    memory = Memory.NONE;
    for (int n = 0; n < nodes; n++) {
      pods.put("n" + n, new Pod());
    }
    for (steps = 0; steps < nodes * 40; steps++) {
      var plan = plan();
      apply(plan, random, broken);
      assertThat(pods.values().stream().filter(pod -> !pod.serves())).hasSizeLessThanOrEqualTo(1);
      if (plan.pending() == null) {
        return;
      }
      kubeletsGoOn();
    }
  }

  @Property(tries = 300)
  void allNodesAreUpdatedAndNeverTwoAtATime(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int nodes) {
    // when
    run(nodes, "none", new Random(seed));
    kubeletsGoOn();
    kubeletsGoOn();
    kubeletsGoOn();

    // then
    assertThat(pods.values())
        .allSatisfy(pod -> {
          assertThat(pod.template).isEqualTo(AFTER);
          assertThat(pod.serves()).isTrue();
          assertThat(pod.restarts).isEqualTo(1);
        });
  }

  @Property(tries = 200)
  void aNodeThatDoesNotComeBackKeepsTheOthersAsTheyAre(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 6) int nodes) {
    // when
    run(nodes, "n1", new Random(seed));

    // then
    assertThat(plan().pending()).isInstanceOf(PendingUpdate.Stopped.class);
    assertThat(pod("n0").template).isEqualTo(AFTER);
    for (int n = 2; n < nodes; n++) {
      assertThat(pod("n" + n).template).isEqualTo(BEFORE);
      assertThat(pod("n" + n).serves()).isTrue();
    }
  }
}
