package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.plan.Plan;
import java.util.List;

/**
 * What a plan makes, in the API's words.
 *
 * @param pods to make
 * @param changes of pods that run
 * @param budgets to make
 */
public record Rendered(List<Pod> pods, List<PodChange> changes, List<PodDisruptionBudget> budgets) {
  /** Copies. */
  public Rendered {
    pods = List.copyOf(pods);
    changes = List.copyOf(changes);
    budgets = List.copyOf(budgets);
  }

  /**
   * Renders a plan.
   *
   * @param configurationHash of the {@code mount.json} that new pods will find
   */
  public static Rendered of(
      Observed observed, Plan plan, String configurationHash, CachePodSettings settings) {
    var mount = observed.mount();
    var spec = observed.spec();
    return new Rendered(
        plan.creations().stream()
            .map(creation -> CachePod.of(mount, spec, creation, configurationHash, settings))
            .toList(),
        plan.patches().stream().map(patch -> new PodChange(patch, spec.cache(), settings)).toList(),
        plan.budgets().creations().stream().map(pod -> DisruptionBudget.of(mount, pod)).toList());
  }
}
