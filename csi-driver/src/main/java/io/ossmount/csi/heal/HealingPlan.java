package io.ossmount.csi.heal;

import io.ossmount.fuse.kernel.MountAttributes;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be done in one mount namespace so that nothing of a dead session is seen there: a pure
 * function of its mount table. A table in which that is so gives a plan without steps.
 *
 * @param steps in the order in which they are done, one for each mount point
 */
public record HealingPlan(List<Step> steps) {
  /** What the kernel appends to the root of a mount whose directory it took out of its memory. */
  private static final String FORGOTTEN = "//deleted";

  /** Copies the list. */
  public HealingPlan {
    steps = List.copyOf(steps);
  }

  /** What is to be done at one mount point. */
  public sealed interface Step {
    /** The mount point, as the namespace sees it. */
    String target();
  }

  /**
   * The dead layers go, and the new session comes.
   *
   * @param directory of the session that is mounted there; "/" is the whole
   * @param attributes that the new mount gets: those of the mount that was seen
   * @param layers dead mounts that lie on one another
   */
  public record Replace(String target, String directory, MountAttributes attributes, int layers)
      implements Step {}

  /**
   * A pass was cut in the middle: the new session is there, beneath the dead layers, which go.
   *
   * @param layers dead mounts that lie on it
   */
  public record Uncover(String target, int layers) implements Step {}

  /**
   * Nothing is done: with the dead mount, the kernel would take away what is mounted below it.
   *
   * @param by mount point of that
   */
  public record Blocked(String target, String by) implements Step {}

  /**
   * The plan.
   *
   * @param mounts of the namespace
   * @param dead the session that is to go
   * @param device of the session that comes
   */
  public static HealingPlan of(MountTable mounts, DeadSession dead, String device) {
    Set<String> targets =
        mounts.entries().stream()
            .filter(dead::isUse)
            .map(MountEntry::target)
            // The root of a namespace cannot be exchanged under its processes.
            .filter(target -> !target.equals("/"))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    var steps = new ArrayList<Step>();
    for (var target : targets) {
      step(mounts, mounts.stack(target), dead, device).ifPresent(steps::add);
    }
    return new HealingPlan(steps);
  }

  private static Optional<Step> step(
      MountTable mounts, List<MountEntry> stack, DeadSession dead, String device) {
    int layers = 0;
    while (layers < stack.size() && dead.isUse(stack.get(stack.size() - 1 - layers))) {
      layers++;
    }
    if (layers == 0) {
      // Something else lies on it, so nobody sees it; and it cannot be reached by its path.
      return Optional.empty();
    }
    var top = stack.getLast();
    var going = stack.subList(stack.size() - layers, stack.size());
    var below = mountedBelow(mounts, going);
    if (below.isPresent()) {
      return Optional.of(new Blocked(top.target(), below.get().target()));
    }
    if (layers < stack.size() && stack.get(stack.size() - 1 - layers).device().equals(device)) {
      return Optional.of(new Uncover(top.target(), layers));
    }
    return Optional.of(new Replace(top.target(), directory(top), MountAttributes.of(top), layers));
  }

  private static Optional<MountEntry> mountedBelow(MountTable mounts, List<MountEntry> going) {
    return mounts.entries().stream()
        .filter(mount ->
            going.stream()
                .anyMatch(
                    gone -> mount.parent() == gone.id() && !mount.target().equals(gone.target())))
        .findFirst();
  }

  /** That the kernel forgot it says nothing: it forgets what a dead session does not confirm. */
  private static String directory(MountEntry mount) {
    var root = mount.root();
    return root.endsWith(FORGOTTEN) ? root.substring(0, root.length() - FORGOTTEN.length()) : root;
  }
}
