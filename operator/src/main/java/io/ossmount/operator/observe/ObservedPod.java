package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.ossmount.api.Annotations;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache pod.
 *
 * @param node for which it was made, whether it runs there already or not
 * @param version resourceVersion, so that only the pod that was seen is deleted
 * @param template value of {@link Annotations#TEMPLATE}; "" if it has none
 * @param configuration value of {@link Annotations#CONFIGURATION}; "" if it has none
 * @param address its IP once it runs; null: not yet
 * @param ready kubelet says so
 * @param since when that last changed
 * @param terminating it is being deleted
 * @param container what is in it
 * @param trouble what keeps it from being ready; null: nothing that is known
 */
public record ObservedPod(
    String name,
    String uid,
    String node,
    String version,
    Instant created,
    String template,
    String configuration,
    @Nullable String address,
    boolean ready,
    Instant since,
    boolean terminating,
    ObservedContainer container,
    @Nullable Trouble trouble) {

  /** Whether the pod has ended and will not start again. */
  public boolean ended() {
    return trouble != null && trouble.kind() == Trouble.Kind.ENDED;
  }

  /**
   * Reads a cache pod; empty if the pod does not say for which node it is, as no pod of the
   * operator's.
   */
  public static Optional<ObservedPod> of(Pod pod) {
    var metadata = pod.getMetadata();
    var annotations =
        Objects.requireNonNullElseGet(metadata.getAnnotations(), Map::<String, String>of);
    var created = time(metadata.getCreationTimestamp(), Instant.EPOCH);
    var readiness = readiness(pod);
    return node(pod)
        .map(node ->
            new ObservedPod(
                metadata.getName(),
                Objects.requireNonNullElse(metadata.getUid(), ""),
                node,
                Objects.requireNonNullElse(metadata.getResourceVersion(), ""),
                created,
                annotations.getOrDefault(Annotations.TEMPLATE, ""),
                annotations.getOrDefault(Annotations.CONFIGURATION, ""),
                address(pod),
                readiness.map(c -> "True".equals(c.getStatus())).orElse(false),
                readiness.map(c -> time(c.getLastTransitionTime(), created)).orElse(created),
                metadata.getDeletionTimestamp() != null,
                ObservedContainer.of(pod),
                Trouble.of(pod)));
  }

  /**
   * The node that the pod's affinity names; its spec.nodeName is not there before it is scheduled.
   */
  private static Optional<String> node(Pod pod) {
    return Optional.ofNullable(pod.getSpec())
        .map(spec -> spec.getAffinity())
        .map(affinity -> affinity.getNodeAffinity())
        .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
        .flatMap(selector ->
            selector.getNodeSelectorTerms().stream()
                .flatMap(term -> term.getMatchFields().stream())
                .filter(field -> "metadata.name".equals(field.getKey()))
                .flatMap(field -> field.getValues().stream())
                .findFirst());
  }

  private static @Nullable String address(Pod pod) {
    var status = pod.getStatus();
    return status == null || !"Running".equals(status.getPhase()) ? null : status.getPodIP();
  }

  private static Optional<PodCondition> readiness(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> "Ready".equals(condition.getType()))
        .findFirst();
  }

  private static Instant time(@Nullable String text, Instant absent) {
    return text == null ? absent : Instant.parse(text);
  }
}
