package io.ossmount.operator.plan;

import static java.util.Comparator.comparing;

import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.ObservedVolume;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.plan.Plan.PendingUpdate;
import io.ossmount.operator.plan.Plan.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/**
 * Plans the cache pods of one OssMount. A node has one pod at most: a second one is removed, and a
 * new one is made only when the old one is gone, whatever its state.
 */
public final class Planner {
  /**
   * A pod that ended is replaced no sooner, so that a node that refuses it is not asked without
   * end.
   */
  static final Duration ENDED_POD_STAYS = Duration.ofSeconds(10);

  private final Observed observed;
  private final Template template;
  private final List<Removal> removals = new ArrayList<>();
  private final NavigableSet<Instant> dates = new TreeSet<>();
  private final Map<String, Instant> idleSince = new HashMap<>();

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
    var occupied =
        observed.pods().stream().map(ObservedPod::node).collect(Collectors.toUnmodifiableSet());
    var kept = keepOnePerNode();
    var placement = Placement.of(observed, kept.keySet());
    removeIdle(kept, placement.nodes());
    var pending = update(kept, placement.nodes());
    var creations = create(placement.nodes(), occupied);
    var pushes = ConfigurationPush.plan(observed, kept.values(), configurationHash);
    pushes.next().ifPresent(dates::add);
    return new Plan(
        placement.nodes(),
        placement.unplaced(),
        kept,
        creations,
        removals,
        pushes.pushes(),
        pending,
        new Memory(idleSince, pushes.memory()),
        dates.isEmpty() ? null : dates.first());
  }

  private SortedMap<String, ObservedPod> keepOnePerNode() {
    var kept = new TreeMap<String, ObservedPod>();
    var best =
        comparing((ObservedPod pod) -> observed.report(pod).sessions() == 0)
            .thenComparing(pod -> !pod.ready())
            .thenComparing(ObservedPod::created)
            .thenComparing(ObservedPod::name);
    observed.pods().stream()
        .filter(pod -> !pod.terminating())
        .sorted(best)
        .forEach(pod -> {
          if (pod.ended()) {
            removeEnded(pod);
          } else if (kept.putIfAbsent(pod.node(), pod) != null) {
            removals.add(new Removal(pod, "the node has another"));
          }
        });
    return kept;
  }

  private void removeEnded(ObservedPod pod) {
    var date = pod.created().plus(ENDED_POD_STAYS);
    if (date.isAfter(observed.now())) {
      dates.add(date);
    } else {
      removals.add(new Removal(pod, "it has ended"));
    }
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

  private @Nullable PendingUpdate update(
      SortedMap<String, ObservedPod> kept, SortedSet<String> nodes) {
    var outdated = kept.values().stream().filter(pod -> !differences(pod).isEmpty()).toList();
    var waiting = new ArrayList<ObservedPod>();
    for (var pod : outdated) {
      // It serves nothing, and what was changed may be what it lacks.
      if (!pod.ready() && pod.trouble() != null) {
        replace(kept, pod);
      } else {
        waiting.add(pod);
      }
    }
    if (waiting.isEmpty()) {
      return null;
    }
    var parts =
        waiting.stream().flatMap(pod -> differences(pod).stream()).distinct().sorted().toList();
    var volumes = volumesInUse();
    if (volumes.isEmpty() && othersReady(kept, nodes, waiting.getFirst())) {
      replace(kept, waiting.getFirst());
    }
    return new PendingUpdate(parts, volumes);
  }

  private List<String> differences(ObservedPod pod) {
    return template.differences(Template.parse(pod.template()));
  }

  private List<String> volumesInUse() {
    boolean sessions =
        observed.pods().stream().anyMatch(pod -> observed.report(pod).sessions() > 0);
    return observed.volumes().stream()
        .filter(volume -> sessions || !volume.nodes().isEmpty())
        .map(ObservedVolume::name)
        .toList();
  }

  /** One at a time: whoever is replaced leaves all others serving. */
  private static boolean othersReady(
      SortedMap<String, ObservedPod> kept, SortedSet<String> nodes, ObservedPod next) {
    return nodes.stream()
        .filter(node -> !node.equals(next.node()))
        .allMatch(node -> {
          var pod = kept.get(node);
          return pod != null && pod.ready();
        });
  }

  private void replace(SortedMap<String, ObservedPod> kept, ObservedPod pod) {
    removals.add(
        new Removal(pod, "its template has changed: " + String.join(", ", differences(pod))));
    kept.remove(pod.node());
  }

  private List<Creation> create(SortedSet<String> nodes, Set<String> occupied) {
    var names =
        observed.pods().stream()
            .map(ObservedPod::name)
            .collect(Collectors.toCollection(HashSet::new));
    var creations = new ArrayList<Creation>();
    for (var node : nodes) {
      if (!occupied.contains(node)) {
        var name = PodNames.of(observed.mount().name(), observed.mount().uid(), node, names);
        names.add(name);
        creations.add(new Creation(node, name));
      }
    }
    return creations;
  }
}
