package io.ossmount.csi.node;

import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code spec.recovery.timeout}, as it is in effect, of the OssMounts whose sessions nobody serves,
 * asked for seldom. Without an answer the last one holds, or else the default. One thread at a
 * time.
 */
final class RecoveryTimeouts {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryTimeouts.class);

  /** How soon a change is seen. */
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final LongSupplier nanos;
  private final Map<String, Known> byLabel = new HashMap<>();

  /** The API server did not answer in this round; each further question would wait for it. */
  private boolean away;

  private record Known(long since, Optional<OssMount> ossMount) {}

  /**
   * Asks {@code cluster}.
   *
   * @param nanos the time, as System.nanoTime()
   */
  RecoveryTimeouts(Cluster cluster, LongSupplier nanos) {
    this.cluster = cluster;
    this.nanos = nanos;
  }

  /** How long the users of an OssMount wait; {@code label} is namespace/name. */
  Duration of(String label) {
    try {
      return ossMount(label)
          .map(RecoveryTimeouts::recovery)
          .map(recovery -> Durations.parse(recovery.timeout()))
          .orElse(byDefault());
    } catch (IllegalArgumentException e) {
      LOG.warn("OssMount {}: spec.recovery.timeout: {}", label, e.getMessage());
      return byDefault();
    }
  }

  /** As it is in effect: the operator knows the cluster's defaults, which the spec lacks. */
  private static io.ossmount.api.v1alpha1.Recovery recovery(OssMount ossMount) {
    var status = ossMount.getStatus();
    var effective = status == null ? null : status.effective();
    return (effective == null ? ossMount.getSpec() : effective).recovery();
  }

  private static Duration byDefault() {
    return Durations.parse(io.ossmount.api.v1alpha1.Recovery.defaults().timeout());
  }

  /** The OssMount itself, as far as it is known. */
  Optional<OssMount> ossMount(String label) {
    var known = byLabel.get(label);
    if (known == null || nanos.getAsLong() - known.since() > KEPT.toNanos()) {
      known = new Known(nanos.getAsLong(), ask(label, known));
      byLabel.put(label, known);
    }
    return known.ossMount();
  }

  /**
   * Begins a round of questions. When the API server gives no answer to one of them, the last
   * answers hold for the rest of it.
   *
   * @param labels all others are forgotten
   */
  void beginRound(Set<String> labels) {
    away = false;
    byLabel.keySet().retainAll(labels);
  }

  private Optional<OssMount> ask(String label, @Nullable Known last) {
    if (away) {
      return lastOf(last);
    }
    int slash = label.indexOf('/');
    try {
      return cluster.ossMount(label.substring(0, slash), label.substring(slash + 1));
    } catch (Unavailable e) {
      LOG.warn("the time-out of OssMount {} is taken as it was: {}", label, e.getMessage());
      away = true;
      return lastOf(last);
    }
  }

  private static Optional<OssMount> lastOf(@Nullable Known known) {
    return known == null ? Optional.empty() : known.ossMount();
  }
}
