package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.EventReasons;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * When node plugins gave up volumes of an OssMount, as their Events have it. A plugin has no other
 * way to tell while its node has no cache pod.
 *
 * @param client to ask for them
 */
record Aborts(KubernetesClient client) {
  /** A node has one or two of them, which are counted. */
  private static final long MOST = 500;

  /**
   * The last time, by node.
   *
   * @param nodes that matter; of none, nothing is asked for
   * @throws KubernetesClientException if the API server does not answer
   */
  Map<String, Instant> on(Set<String> nodes, MountIdentity mount) {
    var last = new HashMap<String, Instant>();
    if (nodes.isEmpty()) {
      return last;
    }
    client
        .v1()
        .events()
        .inNamespace(mount.namespace())
        .withField("involvedObject.uid", mount.uid())
        .withField("reason", EventReasons.VOLUME_ABORTED)
        .list(new ListOptionsBuilder().withLimit(MOST).build())
        .getItems()
        .stream()
        .filter(event -> event.getSource() != null && nodes.contains(event.getSource().getHost()))
        .forEach(event ->
            last.merge(
                event.getSource().getHost(),
                time(event),
                BinaryOperator.maxBy(Comparator.naturalOrder())));
    return last;
  }

  /** Anybody who may write Events may write nonsense: that is too old to matter. */
  private static Instant time(Event event) {
    var time = event.getLastTimestamp();
    try {
      return time == null ? Instant.EPOCH : Instant.parse(time);
    } catch (DateTimeParseException _) {
      return Instant.EPOCH;
    }
  }
}
