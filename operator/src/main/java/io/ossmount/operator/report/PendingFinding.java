package io.ossmount.operator.report;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells of what programs were told is written and is not in OSS yet. There is no such condition
 * where all writes are Through and nothing waits for long.
 */
final class PendingFinding {
  /** What goes up sooner is no news. */
  static final Duration USUAL = Duration.ofMinutes(1);

  private static final String TYPE = Reasons.WRITES_PENDING;

  private PendingFinding() {}

  static Optional<Finding> of(Observed observed) {
    var gone = observed.uploadsOfGoneNodes();
    var here = here(observed);
    if (!gone.isEmpty()) {
      var others = here.isEmpty() ? "" : "; besides, %s wait".formatted(amount(sum(here)));
      return Optional.of(Finding.yes(TYPE, Reasons.NODE_GONE, gone(gone) + others));
    }
    var sum = sum(here);
    var oldest = sum.oldest();
    if (oldest != null && isLong(observed, oldest)) {
      return Optional.of(waiting(observed, sum, oldest));
    }
    return observed.spec().write().mode() == WriteMode.Async
        ? Optional.of(
            Finding.no(TYPE, Reasons.UPLOADED, "no write waits for OSS for more than a minute"))
        : Optional.empty();
  }

  private static Finding waiting(Observed observed, PendingFigures sum, Instant oldest) {
    var amount = amount(sum);
    var since = "since " + oldest.truncatedTo(ChronoUnit.SECONDS);
    boolean isUnreachable =
        observed.pods().stream()
            .map(observed::report)
            .filter(report -> report.pending().objects() > 0)
            .anyMatch(report -> report.failure() == null && !report.store().isReachable());
    if (isUnreachable) {
      return Finding.yes(
          TYPE,
          Reasons.STORE_UNREACHABLE,
          "%s wait on the nodes' disks until the bucket can be reached, the oldest %s"
              .formatted(amount, since));
    }
    var silent = silentForLong(observed);
    return silent.isEmpty()
        ? Finding.yes(
            TYPE, Reasons.UPLOADING, "%s go up, the oldest waits %s".formatted(amount, since))
        : Finding.yes(
            TYPE,
            Reasons.CACHE_POD_AWAY,
            "%s wait, the oldest %s; no cache pod answers on %s, and only one there can upload them"
                .formatted(amount, since, Names.some(silent)));
  }

  /** What an Event says of a conflict. */
  static String conflict(PendingFigures.Conflict conflict) {
    return ("%s was replaced or removed elsewhere before what was written here was uploaded: both are"
            + " kept, what was written here as %s")
        .formatted(conflict.key(), conflict.kept());
  }

  /** What an Event says of what was given up. */
  static String forgotten(String node, PendingFigures figures) {
    return "%s that wait on node %s are given up, as the annotation %s asks"
        .formatted(amount(figures), node, Annotations.FORGET_PENDING);
  }

  /** What an Event says when the annotation names a node of which nothing was given up. */
  static String notForgotten(String node, boolean isAnswering) {
    return isAnswering
        ? "nothing of node %s was given up for the annotation %s: its cache pod answers, and uploads"
                .formatted(node, Annotations.FORGET_PENDING)
            + " what waits there"
        : "nothing is known to wait on node %s, which the annotation %s names; status.pending.nodes"
                .formatted(node, Annotations.FORGET_PENDING)
            + " has the names";
  }

  /** What deletion waits for. */
  static String blocking(Observed observed) {
    var uploads = observed.uploads();
    if (uploads.isEmpty()) {
      return "deletion waits until the cache pods have said what they have to upload";
    }
    var message =
        "deletion waits for %s that were written and are not in OSS yet"
            .formatted(amount(uploads.total()));
    var gone = observed.uploadsOfGoneNodes();
    if (!gone.isEmpty()) {
      return message + "; " + gone(gone);
    }
    var silent = silentForLong(observed);
    return silent.isEmpty()
        ? message
        : message
            + "; no cache pod answers on %s; %s".formatted(Names.some(silent), giveUp(silent));
  }

  /** By node: what waits on those that are in the cluster. */
  static SortedMap<String, PendingFigures> here(Observed observed) {
    var here = new TreeMap<>(observed.uploads().byNode());
    here.keySet().removeAll(observed.uploadsOfGoneNodes().keySet());
    return here;
  }

  static PendingFigures sum(Map<String, PendingFigures> byNode) {
    return byNode.values().stream().reduce(PendingFigures.NONE, PendingFigures::plus);
  }

  static String amount(PendingFigures figures) {
    return "%d objects (%s)".formatted(figures.objects(), Bytes.quantity(figures.bytes()));
  }

  private static String gone(SortedMap<String, PendingFigures> gone) {
    var nodes = List.copyOf(gone.keySet());
    boolean isOne = nodes.size() == 1;
    return "%s %s gone with %s: they are lost unless %s back; %s"
        .formatted(
            (isOne ? "node " : "nodes ") + Names.some(nodes),
            isOne ? "is" : "are",
            amount(sum(gone)),
            isOne ? "it comes" : "the nodes come",
            giveUp(nodes));
  }

  private static String giveUp(List<String> nodes) {
    return "to give them up, annotate the OssMount with %s=%s"
        .formatted(Annotations.FORGET_PENDING, String.join(",", nodes));
  }

  /** A cache pod that is being made says nothing for a while. */
  private static List<String> silentForLong(Observed observed) {
    var answering = observed.uploads().answering();
    return here(observed).entrySet().stream()
        .filter(node -> !answering.contains(node.getKey()))
        .filter(node -> isLong(observed, node.getValue().oldest()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isLong(Observed observed, @Nullable Instant oldest) {
    return oldest == null || !oldest.plus(USUAL).isAfter(observed.now());
  }
}
