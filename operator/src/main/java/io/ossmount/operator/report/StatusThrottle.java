package io.ossmount.operator.report;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.NestedMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When a status is worth a write. What programs wait for is written at once. A cache that grew or
 * shrank by much, words that changed, and that a node has begun to have something to upload, are
 * written ten seconds after the last write; all other figures, a minute after it. So is that
 * nothing is to be uploaded any more: with many small files that changes all the time.
 */
final class StatusThrottle {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LATER = Duration.ofMinutes(1);
  private static final BigDecimal MUCH_BYTES = BigDecimal.valueOf(16L << 20);
  private static final BigDecimal MUCH_SHARE = new BigDecimal("0.01");

  private StatusThrottle() {}

  /**
   * When to write; empty: never, nothing differs.
   *
   * @param before the status that stands; null: none does
   * @param written when it was written
   */
  static Optional<Instant> due(
      @Nullable OssMountStatus before, OssMountStatus after, Instant written) {
    if (after.equals(before)) {
      return Optional.empty();
    }
    if (before == null || !essence(after).equals(essence(before))) {
      return Optional.of(Instant.MIN);
    }
    boolean soon =
        !after.conditions().equals(before.conditions())
            || !after.mounts().equals(before.mounts())
            || !Objects.equals(after.effective(), before.effective())
            || muchCached(before, after)
            || !waiting(before).containsAll(waiting(after));
    return Optional.of(written.plus(soon ? SOON : LATER));
  }

  private record ConditionEssence(
      String type, Condition.Status status, String reason, @Nullable Long observedGeneration) {}

  private record PodEssence(
      String node, @Nullable String uid, @Nullable Boolean ready, @Nullable Integer sessions) {}

  private record Essence(
      @Nullable Long observedGeneration,
      List<ConditionEssence> conditions,
      @Nullable String nodesReady,
      @Nullable Integer volumes,
      List<PodEssence> pods,
      Map<String, List<ConditionEssence>> mounts) {}

  private static Essence essence(OssMountStatus status) {
    return new Essence(
        status.observedGeneration(),
        essence(status.conditions()),
        status.nodesReady(),
        status.volumes(),
        status.cachePods().stream()
            .map(pod -> new PodEssence(pod.node(), pod.uid(), pod.ready(), pod.sessions()))
            .toList(),
        status.mounts().stream()
            .collect(
                Collectors.toMap(
                    NestedMountStatus::path,
                    mount -> essence(mount.conditions()),
                    (one, _) -> one)));
  }

  private static List<ConditionEssence> essence(List<Condition> conditions) {
    return conditions.stream()
        .map(c -> new ConditionEssence(c.type(), c.status(), c.reason(), c.observedGeneration()))
        .toList();
  }

  /** Nodes where something is to be uploaded: an operator that starts reads them in the status. */
  private static Set<String> waiting(OssMountStatus status) {
    return status.pending() == null
        ? Set.of()
        : status.pending().nodes().stream()
            .map(NodePending::node)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean muchCached(OssMountStatus before, OssMountStatus after) {
    var change = used(after).subtract(used(before)).abs();
    return change.compareTo(MUCH_BYTES) >= 0
        || change.compareTo(capacity(after).multiply(MUCH_SHARE)) > 0;
  }

  private static BigDecimal used(OssMountStatus status) {
    return status.cache() == null ? BigDecimal.ZERO : amount(status.cache().used());
  }

  private static BigDecimal capacity(OssMountStatus status) {
    return status.cache() == null ? BigDecimal.ZERO : amount(status.cache().capacity());
  }

  private static BigDecimal amount(@Nullable Quantity quantity) {
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }
}
