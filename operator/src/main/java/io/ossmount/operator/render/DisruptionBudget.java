package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.ossmount.api.Labels;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.ObservedPod;

/** What keeps a cache pod from being evicted while its node has volumes. It goes with the pod. */
public final class DisruptionBudget {
  private DisruptionBudget() {}

  /** The budget of a pod, by the pod's name. */
  public static PodDisruptionBudget of(MountIdentity mount, ObservedPod pod) {
    var metadata = Ownership.metadata(mount, pod.name());
    metadata.getLabels().put(Labels.COMPONENT, Labels.COMPONENT_CACHE);
    return new PodDisruptionBudgetBuilder()
        .withNewMetadataLike(metadata)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.name())
                .withUid(pod.uid())
                .build())
        .endMetadata()
        .withNewSpec()
        // A number, not a share: who owns the pods is then not asked how many there should be.
        .withMinAvailable(new IntOrString(1))
        .withNewSelector()
        .addToMatchLabels(Labels.POD, pod.name())
        .endSelector()
        .endSpec()
        .build();
  }
}
