package io.ossmount.operator.report;

import io.ossmount.operator.control.DeadSessions.Dead;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells of volumes that give errors in pods, because the sessions that are mounted there are over.
 * A cache pod knows of those of its node; of a node whose cache pod is away it is known only that
 * volumes were given up, from the Events of the node plugin. There is no such condition while none
 * is known.
 */
final class VolumesFinding {
  private static final int MAX_NAMED = 5;
  private static final int MAX_NAME_CHARS = 63;

  private VolumesFinding() {}

  /** A session that is over: what volume, and where. */
  private record Broken(String volume, String node, boolean aborted, Instant since) {
    static Broken of(Dead dead, String node, String mountUid) {
      return new Broken(volumeName(dead.volume(), mountUid), node, dead.aborted(), dead.since());
    }
  }

  /** The condition; empty: no such volume is known. */
  static Optional<Finding> of(Observed observed) {
    var nodes = lastWords(observed);
    var told =
        nodes.entrySet().stream()
            .flatMap(node ->
                node.getValue().dead().sessions().stream()
                    .map(dead -> Broken.of(dead, node.getKey(), observed.mount().uid())));
    var broken =
        Stream.concat(told, untold(observed))
            .sorted(
                Comparator.comparing(Broken::since)
                    .thenComparing(Broken::node)
                    .thenComparing(Broken::volume))
            .toList();
    if (broken.isEmpty()) {
      return Optional.empty();
    }
    long more = nodes.values().stream().mapToLong(report -> report.dead().more()).sum();
    boolean isAborted = broken.stream().anyMatch(Broken::aborted);
    return Optional.of(
        Finding.no(
            Reasons.VOLUMES_HEALTHY,
            isAborted ? Reasons.VOLUME_ABORTED : Reasons.VOLUME_DISCONNECTED,
            ("%s: programs get ENOTCONN there until the mount is made anew, which happens by itself"
                    + " while a cache pod serves; what was open has to be opened again. Restart"
                    + " pods that have an Event VolumeNotHealed")
                .formatted(some(broken, more))));
  }

  /** A pod that answered after that knew better, and may have healed what was given up. */
  private static Stream<Broken> untold(Observed observed) {
    var answers = observed.answers();
    return observed.aborted().entrySet().stream()
        .filter(node -> node.getValue().isAfter(answers.getOrDefault(node.getKey(), Instant.MIN)))
        .map(node -> new Broken("a volume", node.getKey(), true, node.getValue()));
  }

  /** Of each node, what the pod that answered last says: one that ends may not know any better. */
  private static SortedMap<String, PodReport> lastWords(Observed observed) {
    return observed.pods().stream()
        .collect(
            Collectors.toMap(
                ObservedPod::node, observed::report, VolumesFinding::later, TreeMap::new));
  }

  private static PodReport later(PodReport one, PodReport other) {
    return answered(one).isBefore(answered(other)) ? other : one;
  }

  private static Instant answered(PodReport report) {
    return Objects.requireNonNullElse(report.answered(), Instant.MIN);
  }

  private static String some(List<Broken> broken, long more) {
    var named =
        broken.stream()
            .limit(MAX_NAMED)
            .map(VolumesFinding::inWords)
            .collect(Collectors.joining(", "));
    long rest = broken.size() - Math.min(broken.size(), MAX_NAMED) + more;
    return rest == 0 ? named : named + " and " + rest + " more";
  }

  private static String inWords(Broken broken) {
    var since = broken.since().truncatedTo(ChronoUnit.SECONDS);
    return "%s on node %s (%s)"
        .formatted(
            shorten(broken.volume()),
            shorten(broken.node()),
            broken.aborted()
                ? "given up at " + since + ", as nobody served it"
                : "lost its server at " + since);
  }

  /** So that names of any length leave room for what is to be done. */
  private static String shorten(String name) {
    return name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS - 3) + "..." : name;
  }

  /** The id of a volume that was made for a claim has the name of the PersistentVolume in it. */
  private static String volumeName(String id, String mountUid) {
    var prefix = mountUid + ".";
    return id.startsWith(prefix) ? id.substring(prefix.length()) : id;
  }
}
