package io.ossmount.operator.apply;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.ObservedBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and deletes the PodDisruptionBudgets of cache pods. */
final class Budgets {
  private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

  private final KubernetesClient client;

  Budgets(KubernetesClient client) {
    this.client = client;
  }

  /** A quota may refuse it: drains are less gentle then, and all else goes on. */
  void make(PodDisruptionBudget budget) {
    try {
      client.resource(budget).patch(Applier.APPLY);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "The API server refuses PodDisruptionBudget {}/{}: {}",
          budget.getMetadata().getNamespace(),
          budget.getMetadata().getName(),
          Refusal.words(e));
    }
  }

  /** One that is gone already is no fault. */
  void delete(MountIdentity mount, ObservedBudget budget) {
    client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(mount.namespace())
        .withName(budget.name())
        .delete();
  }
}
