package io.ossmount.csi.heal;

import io.ossmount.csi.cluster.Events;
import io.ossmount.csi.cluster.NodePods;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each pod, as an Event, what became of its mounts. Thread-safe. */
public final class PodNotices {
  /** Reason of an Event: everything that the pod mounts shows the volume again. */
  public static final String HEALED = "VolumeHealed";

  /** Reason of an Event: something that the pod mounts gives errors still. */
  public static final String NOT_HEALED = "VolumeNotHealed";

  private static final Logger LOG = LoggerFactory.getLogger(PodNotices.class);

  private final NodePods pods;
  private final Events events;

  /** Tells the pods of this node. */
  public PodNotices(NodePods pods, Events events) {
    this.pods = pods;
    this.events = events;
  }

  /**
   * Tells the pods what one pass over all namespaces came to.
   *
   * @param ossMount namespace/name
   */
  public void tell(String ossMount, List<Outcome> outcomes) {
    outcomes.stream()
        .filter(outcome -> !outcome.isHealed())
        .forEach(outcome -> LOG.warn("OssMount {}: {}", ossMount, outcome.inWords()));
    var byPod = byPod(outcomes);
    if (byPod.isEmpty()) {
      return;
    }
    try {
      var known = pods.byUid();
      byPod.forEach((uid, ofPod) -> {
        var pod = known.get(uid);
        if (pod != null) {
          tell(Events.Subject.of(pod), ossMount, ofPod);
        }
      });
    } catch (Unavailable e) {
      LOG.warn("pods are not told what became of their mounts: {}", e.getMessage());
    }
  }

  private void tell(Events.Subject pod, String ossMount, List<Outcome> outcomes) {
    var left =
        outcomes.stream()
            .filter(outcome -> !outcome.isHealed())
            .map(Outcome::inWords)
            .distinct()
            .collect(Collectors.joining("; "));
    if (left.isEmpty()) {
      events.note(
          pod,
          HEALED,
          "the mount of OssMount %s had lost its server and was made anew; files that were open give errors"
              .formatted(ossMount));
    } else {
      events.warn(
          pod,
          NOT_HEALED,
          "the mount of OssMount %s was made anew, but %s".formatted(ossMount, left));
    }
  }

  private static Map<String, List<Outcome>> byPod(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> outcome.podUid().isPresent())
        .collect(
            Collectors.groupingBy(
                outcome -> outcome.podUid().orElseThrow(), TreeMap::new, Collectors.toList()));
  }
}
