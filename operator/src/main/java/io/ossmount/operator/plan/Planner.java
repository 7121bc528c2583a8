package io.ossmount.operator.plan;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.plan.Plan.Removal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans the cache pods of one OssMount. A node has one pod at most that does not end: a second one
 * is removed. The next one is made while the one before still ends, so that applications wait no
 * longer than they must; the cache directory's lock lets only one of them work.
 */
public final class Planner {
  /** Pods that end on a node beside the one that serves: whoever deletes them all gets no more. */
  static final int MAX_ENDING = 2;

  private final Observed observed;
  private final Template template;
  private final List<Removal> removals = new ArrayList<>();
  private final NavigableSet<Instant> dates = new TreeSet<>();
  private final Map<String, Instant> idleSince = new HashMap<>();
  private final Map<String, Memory.Endings> endings = new HashMap<>();
  private final Set<String> unavailable = new HashSet<>();

  private Planner(Observed observed, Template template) {
    this.observed = observed;
    this.template = template;
  }

  /**
   * Plans.
   *
   * @param template that new pods will have
   * @param configurationHash of the {@code mount.json} that pods should have in force
   */
  public static Plan plan(Observed observed, Template template, String configurationHash) {
    return new Planner(observed, template).plan(configurationHash);
  }

  private Plan plan(String configurationHash) {
    var suspension = Suspension.of(observed);
    var kept = keepOnePerNode();
    if (suspension instanceof Suspension.Holding) {
      return suspended(suspension, kept.values());
    }
    // Those that are deleted now, too: their successors are made when the API server says that
    // they end.
    unavailable.addAll(kept.keySet());
    removeEnded(kept.keySet());
    waitForRoom();
    var placement = Placement.of(observed, kept.keySet());
    removeIdle(kept, placement.nodes());
    var rollout = Rollout.plan(observed, template, kept, placement.nodes());
    removals.addAll(rollout.removals());
    rollout.next().ifPresent(dates::add);
    var creations = create(placement.nodes());
    var pushes = ConfigurationPush.plan(observed, kept.values(), configurationHash);
    pushes.next().ifPresent(dates::add);
    return new Plan(
        placement.nodes(),
        placement.unplaced(),
        kept,
        creations,
        removals,
        rollout.patches(),
        pushes.pushes(),
        Disruption.plan(observed, kept.values()),
        rollout.pending(),
        suspension,
        new Memory(
            idleSince,
            pushes.memory(),
            rollout.updates(),
            rollout.refusals(),
            endings,
            false,
            observed.uploads().byNode(),
            observed.answers()),
        dates.isEmpty() ? null : dates.first());
  }

  /** All pods end now; what is cached stays in the directories of their nodes. */
  private Plan suspended(Suspension suspension, Collection<ObservedPod> kept) {
    kept.forEach(pod -> removals.add(new Removal(pod, "the OssMount is suspended")));
    observed.pods().stream()
        .filter(pod -> !pod.terminating() && pod.ended())
        .forEach(pod -> removals.add(new Removal(pod, "it has ended")));
    return new Plan(
        Collections.emptySortedSet(),
        0,
        Collections.emptySortedMap(),
        List.of(),
        removals,
        List.of(),
        List.of(),
        Disruption.plan(observed, List.of()),
        null,
        suspension,
        Memory.NONE
            .withSuspended(true)
            .withUploads(observed.uploads().byNode())
            .withAnswers(observed.answers()),
        null);
  }

  private SortedMap<String, ObservedPod> keepOnePerNode() {
    var kept = new TreeMap<String, ObservedPod>();
    var best =
        comparing((ObservedPod pod) -> observed.report(pod).sessions() == 0)
            .thenComparing(pod -> !pod.ready())
            .thenComparing(ObservedPod::created)
            .thenComparing(ObservedPod::name);
    observed.pods().stream()
        .filter(pod -> !pod.terminating() && !pod.ended())
        .sorted(best)
        .forEach(pod -> {
          if (kept.putIfAbsent(pod.node(), pod) != null) {
            removals.add(new Removal(pod, "the node has another"));
          }
        });
    return kept;
  }

  private void removeEnded(Set<String> living) {
    observed
        .memory()
        .endings()
        .forEach((node, before) -> {
          if (!Endings.isForgotten(before, observed.now())) {
            endings.put(node, before);
          }
        });
    observed.pods().stream()
        .filter(pod -> !pod.terminating() && pod.ended())
        .collect(groupingBy(ObservedPod::node))
        .forEach((node, pods) -> {
          if (living.contains(node) || mayReplace(node)) {
            pods.forEach(pod -> removals.add(new Removal(pod, "it has ended")));
          } else {
            unavailable.add(node);
          }
        });
  }

  private boolean mayReplace(String node) {
    var due = Endings.due(endings.get(node), observed.now());
    if (due.isAfter(observed.now())) {
      dates.add(due);
      return false;
    }
    // A node that shuts down ends its pods, and refuses new ones; when it is back, it is news.
    boolean isAway =
        observed.nodes().stream().anyMatch(known -> known.name().equals(node) && !known.ready());
    if (isAway) {
      return false;
    }
    endings.put(node, Endings.replaced(endings.get(node), observed.now()));
    return true;
  }

  private void waitForRoom() {
    unavailable.addAll(observed.crowded());
    observed.pods().stream()
        .filter(ObservedPod::terminating)
        .collect(groupingBy(ObservedPod::node, counting()))
        .forEach((node, count) -> {
          if (count >= MAX_ENDING) {
            unavailable.add(node);
          }
        });
  }

  private void removeIdle(SortedMap<String, ObservedPod> kept, SortedSet<String> nodes) {
    var timeout = Durations.parse(observed.spec().cache().idleTimeout());
    for (var pod : List.copyOf(kept.values())) {
      if (nodes.contains(pod.node())) {
        continue;
      }
      var since = observed.memory().idleSince().getOrDefault(pod.node(), observed.now());
      var end = since.plus(timeout);
      if (end.isAfter(observed.now())) {
        idleSince.put(pod.node(), since);
        dates.add(end);
      } else {
        removals.add(new Removal(pod, "its node has been idle for " + timeout.toSeconds() + " s"));
        kept.remove(pod.node());
      }
    }
  }

  private List<Creation> create(SortedSet<String> nodes) {
    var names =
        observed.pods().stream()
            .map(ObservedPod::name)
            .collect(Collectors.toCollection(HashSet::new));
    var creations = new ArrayList<Creation>();
    for (var node : nodes) {
      if (!unavailable.contains(node)) {
        var name = PodNames.of(observed.mount().name(), observed.mount().uid(), node, names);
        names.add(name);
        creations.add(new Creation(node, name));
      }
    }
    return creations;
  }
}
