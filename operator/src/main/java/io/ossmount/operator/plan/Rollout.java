package io.ossmount.operator.plan;

import static java.util.Comparator.comparing;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.ObservedVolume;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.PendingUpdate.Progress;
import io.ossmount.operator.plan.Plan.Patch;
import io.ossmount.operator.plan.Plan.Removal;
import io.ossmount.operator.plan.Recovery.Hindrance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the pods that are there to the template that they should have, one node at a time.
 *
 * <p>Image and resources are changed in the running pod: kubelet restarts its container, and the
 * next process takes the sessions over. The next node's turn comes when the pod is ready again and
 * serves its sessions; a pod that is not stops the others, but a node that is away does not. What
 * cannot change in a running pod, or what the API server refuses to change, waits until no volume
 * is in use and nothing is to be uploaded; then pods are replaced. A pod that serves nothing anyway
 * is changed or replaced at once: what was changed may be what it lacks.
 */
final class Rollout {
  private static final List<String> IN_PLACE = List.of(Template.IMAGE, Template.RESOURCES);

  private final Observed observed;
  private final Template template;
  private final SortedMap<String, ObservedPod> kept;
  private final SortedSet<String> nodes;
  private final Recovery recovery;
  private final List<Memory.Refusal> refusals;
  private final List<Patch> patches = new ArrayList<>();
  private final List<Removal> removals = new ArrayList<>();
  private final Map<String, Memory.Update> updates = new HashMap<>();
  private final NavigableSet<Instant> dates = new TreeSet<>();

  /**
   * What to do.
   *
   * @param updates changes that have not come to their end
   * @param refusals those that still hold
   * @param next when to look again, if nothing happens
   */
  record Result(
      List<Patch> patches,
      List<Removal> removals,
      @Nullable PendingUpdate pending,
      Map<String, Memory.Update> updates,
      List<Memory.Refusal> refusals,
      Optional<Instant> next) {}

  private Rollout(
      Observed observed,
      Template template,
      SortedMap<String, ObservedPod> kept,
      SortedSet<String> nodes) {
    this.observed = observed;
    this.template = template;
    this.kept = kept;
    this.nodes = nodes;
    this.recovery = new Recovery(observed);
    this.refusals = Refusals.inForce(observed, kept.values(), template);
  }

  /**
   * Plans it.
   *
   * @param kept pods by node; those that are replaced are taken out
   * @param nodes that shall have a pod
   */
  static Result plan(
      Observed observed,
      Template template,
      SortedMap<String, ObservedPod> kept,
      SortedSet<String> nodes) {
    var rollout = new Rollout(observed, template, kept, nodes);
    var pending = rollout.plan();
    rollout.refusals.forEach(refusal -> rollout.dates.add(Refusals.end(refusal)));
    return new Result(
        rollout.patches,
        rollout.removals,
        pending,
        rollout.updates,
        rollout.refusals,
        rollout.dates.stream().findFirst());
  }

  private @Nullable PendingUpdate plan() {
    mendWhatServesNothing();
    var hindrances = hindrances();
    var outdated =
        kept.values().stream()
            .filter(pod -> !isPatched(pod) && !differences(pod).isEmpty())
            .toList();
    var next = next(outdated, hindrances.keySet());
    var hindrance =
        hindrances.values().stream()
            .filter(found -> next.isEmpty() || !found.node().equals(next.get().node()))
            .filter(found -> found.isOfUpdate() || next.isPresent())
            .min(
                comparing((Hindrance found) -> !found.isStuck())
                    .thenComparing(found -> !found.isOfUpdate())
                    .thenComparing(Hindrance::node));
    if (hindrance.isPresent()) {
      return held(hindrance.get(), next);
    }
    if (next.isPresent()) {
      return turn(next.get());
    }
    return outdated.isEmpty() ? null : left(outdated);
  }

  /** One that does not serve as it should is first: it holds up the others. */
  private Optional<ObservedPod> next(List<ObservedPod> outdated, Set<String> hindered) {
    boolean unused = isUnused();
    return outdated.stream()
        .filter(pod -> !isAway(pod.node()))
        .filter(pod -> unused || !changeable(pod).isEmpty())
        .min(
            comparing((ObservedPod pod) -> pod.ready() && !hindered.contains(pod.node()))
                .thenComparing(ObservedPod::node));
  }

  private void mendWhatServesNothing() {
    for (var pod : List.copyOf(kept.values())) {
      var trouble = pod.trouble();
      if (trouble == null || pod.ready() || isAway(pod.node()) || differences(pod).isEmpty()) {
        continue;
      }
      boolean replace =
          trouble.kind() == Trouble.Kind.UNSCHEDULABLE || !changeable(pod).equals(differences(pod));
      if (replace) {
        replace(pod);
      } else {
        patch(pod);
      }
    }
  }

  /** By node: what the next node's turn waits for. */
  private Map<String, Hindrance> hindrances() {
    var found = new HashMap<String, Hindrance>();
    for (var pod : kept.values()) {
      if (isAway(pod.node())) {
        continue;
      }
      if (isPatched(pod)) {
        found.put(pod.node(), new Hindrance(pod.node(), true, false, ""));
        continue;
      }
      var hindrance = recovery.hindrance(pod);
      boolean counts =
          hindrance
              .filter(it -> it.isOfUpdate() || (differences(pod).isEmpty() && shallServe(pod)))
              .isPresent();
      if (counts) {
        found.put(pod.node(), hindrance.orElseThrow());
        if (recovery.late(pod).isAfter(observed.now())) {
          dates.add(recovery.late(pod));
        }
      }
      var update = observed.memory().updates().get(pod.uid());
      if (update != null && hindrance.isPresent()) {
        updates.put(pod.uid(), update);
      }
    }
    nodes.stream()
        .filter(node -> !kept.containsKey(node) && !isAway(node))
        .forEach(node -> found.put(node, new Hindrance(node, false, false, "")));
    return found;
  }

  /** A node that is away is passed over; its turn comes when it is back. */
  private boolean isAway(String node) {
    return observed.nodes().stream().anyMatch(it -> it.name().equals(node) && !it.ready());
  }

  private boolean shallServe(ObservedPod pod) {
    return nodes.contains(pod.node());
  }

  private boolean isPatched(ObservedPod pod) {
    return patches.stream().anyMatch(patch -> patch.pod().equals(pod));
  }

  private PendingUpdate held(Hindrance hindrance, Optional<ObservedPod> next) {
    if (hindrance.isStuck()) {
      return new PendingUpdate.Stopped(progress(), hindrance.node(), hindrance.why());
    }
    return hindrance.isOfUpdate() || next.isEmpty()
        ? new PendingUpdate.Rolling(progress(), hindrance.node(), null)
        : new PendingUpdate.Rolling(progress(), next.get().node(), hindrance.node());
  }

  private PendingUpdate turn(ObservedPod pod) {
    if (!changeable(pod).equals(differences(pod)) && isUnused()) {
      var parts = differences(pod);
      replace(pod);
      return new PendingUpdate.Replacing(parts);
    }
    patch(pod);
    return new PendingUpdate.Rolling(progress(), pod.node(), null);
  }

  private PendingUpdate left(List<ObservedPod> outdated) {
    var away =
        outdated.stream()
            .filter(pod -> isAway(pod.node()) && !changeable(pod).isEmpty())
            .map(ObservedPod::node)
            .findFirst();
    if (away.isPresent()) {
      return new PendingUpdate.Rolling(progress(), away.get(), away.get());
    }
    var parts =
        outdated.stream().flatMap(pod -> differences(pod).stream()).distinct().sorted().toList();
    var refusal = refusals.stream().map(Memory.Refusal::why).findFirst();
    return new PendingUpdate.Waiting(parts, volumesInUse(), refusal.orElse(null));
  }

  private Progress progress() {
    var updated =
        kept.values().stream()
            .filter(pod -> !isPatched(pod) && IN_PLACE.stream().allMatch(part -> has(pod, part)))
            .filter(pod -> recovery.hindrance(pod).isEmpty())
            .map(ObservedPod::node)
            .toList();
    return new Progress(updated, kept.size());
  }

  private void patch(ObservedPod pod) {
    var parts = changeable(pod);
    var target = Template.parse(pod.template()).with(parts, template);
    patches.add(new Patch(pod, parts, target.text()));
    var update = observed.memory().updates().get(pod.uid());
    int before = update == null ? 0 : update.sessions();
    int sessions = Math.max(before, observed.report(pod).sessions());
    updates.put(pod.uid(), new Memory.Update(sessions, observed.now()));
    dates.add(observed.now().plus(Recovery.COMES_BACK_WITHIN));
  }

  private void replace(ObservedPod pod) {
    removals.add(
        new Removal(pod, "its template has changed: " + String.join(", ", differences(pod))));
    kept.remove(pod.node());
  }

  private List<String> differences(ObservedPod pod) {
    return template.differences(Template.parse(pod.template()));
  }

  private boolean has(ObservedPod pod, String part) {
    return template.hasSame(part, Template.parse(pod.template()));
  }

  /** What differs and can be changed while it runs. */
  private List<String> changeable(ObservedPod pod) {
    return differences(pod).stream()
        .filter(IN_PLACE::contains)
        .filter(part -> !part.equals(Template.RESOURCES) || pod.container().resizable())
        .filter(part -> refusals.stream().noneMatch(r -> Refusals.isOf(r, pod, part)))
        .toList();
  }

  /** What waits on a node goes up from there: its pod ends when that is done. */
  private boolean isUnused() {
    var uploads = observed.uploads();
    return volumesInUse().isEmpty() && kept.keySet().stream().noneMatch(uploads::isOn);
  }

  private List<String> volumesInUse() {
    boolean sessions =
        observed.pods().stream().anyMatch(pod -> observed.report(pod).sessions() > 0);
    return observed.volumes().stream()
        .filter(volume -> sessions || !volume.nodes().isEmpty())
        .map(ObservedVolume::name)
        .toList();
  }
}
