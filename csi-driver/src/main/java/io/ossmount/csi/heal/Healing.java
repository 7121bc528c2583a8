package io.ossmount.csi.heal;

import io.ossmount.csi.heal.HealingPlan.Blocked;
import io.ossmount.csi.heal.HealingPlan.Replace;
import io.ossmount.csi.heal.HealingPlan.Step;
import io.ossmount.csi.heal.HealingPlan.Uncover;
import io.ossmount.csi.heal.Outcome.Failed;
import io.ossmount.csi.heal.Outcome.Healed;
import io.ossmount.csi.heal.Outcome.Missing;
import io.ossmount.csi.heal.Outcome.Result;
import io.ossmount.csi.volume.VolumeException.Busy;
import io.ossmount.fuse.kernel.DetachedMount;
import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.MountAttributes;
import io.ossmount.fuse.kernel.MountChange;
import io.ossmount.fuse.kernel.NamespaceVisit;
import io.ossmount.fuse.kernel.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over all mount namespaces that show a dead session. The plugin's own comes first: what
 * is changed there reaches the node, and every container that follows it, by propagation; only then
 * is looked who still shows the dead one. Each namespace is planned anew right before it is
 * changed, from what its own thread sees. Thread-safe; blocks, so on a platform thread.
 */
public final class Healing {
  private static final Logger LOG = LoggerFactory.getLogger(Healing.class);

  /** For one thing that is done in a namespace. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final MountNamespaces namespaces;
  private final TargetGuard guard;

  /**
   * A way to heal.
   *
   * @param guard of mount points in the plugin's own namespace
   */
  public Healing(MountNamespaces namespaces, TargetGuard guard) {
    this.namespaces = namespaces;
    this.guard = guard;
  }

  /**
   * Puts the session that is mounted at {@code mount} wherever the dead one is shown.
   *
   * @param mount directory of the plugin's own; the session is served
   * @param device of that session
   * @return what became of each mount point that showed the dead one
   * @throws IOException the processes of the node cannot be listed; what was done is done
   */
  public List<Outcome> pass(DeadSession dead, Path mount, String device)
      throws IOException, InterruptedException {
    var outcomes = new ArrayList<Outcome>(here(dead, mount, device));
    for (int pid : namespaces.using(dead)) {
      outcomes.addAll(in(pid, dead, mount, device));
    }
    return outcomes;
  }

  private List<Outcome> here(DeadSession dead, Path mount, String device)
      throws InterruptedException {
    var outcomes = new ArrayList<Outcome>();
    try (var visit = NamespaceVisit.here(PATIENCE)) {
      for (var step : HealingPlan.of(visit.mounts(), dead, device).steps()) {
        var pod = PodUid.ofTarget(step.target());
        try (var _ = guard.hold(step.target())) {
          // It may have been unpublished before this thread got hold of it.
          var now =
              HealingPlan.of(visit.mounts(), dead, device).steps().stream()
                  .filter(again -> again.target().equals(step.target()))
                  .toList();
          outcomes.addAll(change(visit, now, mount, _ -> pod));
        } catch (Busy e) {
          outcomes.add(new Outcome(pod, step.target(), Failed.of(e)));
        }
      }
    } catch (IOException e) {
      LOG.warn("session {} is not healed in the plugin's namespace: {}", dead.name(), e.toString());
    }
    return outcomes;
  }

  private List<Outcome> in(int pid, DeadSession dead, Path mount, String device) {
    var pod = namespaces.podOf(pid);
    try (var visit = NamespaceVisit.of(pid, PATIENCE)) {
      var steps = HealingPlan.of(visit.mounts(), dead, device).steps();
      LOG.info(
          "session {} is shown at {} places in {} (process {})",
          dead.name(),
          steps.size(),
          visit.namespace(),
          pid);
      return change(visit, steps, mount, target -> PodUid.ofTarget(target).or(() -> pod));
    } catch (IOException e) {
      LOG.info("process {} shows session {}: {}", pid, dead.name(), e.toString());
      return notEntered(pid, dead, e);
    }
  }

  /**
   * Mostly the process has ended; if others are there, the next pass finds one. What the plugin
   * cannot enter while the process is there, people have to know of.
   */
  private List<Outcome> notEntered(int pid, DeadSession dead, IOException why) {
    if (Thread.currentThread().isInterrupted()) {
      return List.of();
    }
    var pod = namespaces.podOf(pid);
    return namespaces.targets(pid, dead).stream()
        .map(target -> new Outcome(PodUid.ofTarget(target).or(() -> pod), target, Failed.of(why)))
        .toList();
  }

  /** Whose a mount point is. */
  @FunctionalInterface
  private interface Owner {
    Optional<String> of(String target);
  }

  private static List<Outcome> change(
      NamespaceVisit visit, List<Step> steps, Path mount, Owner owner) {
    var outcomes = new ArrayList<Outcome>();
    for (var step : steps) {
      outcomes.add(new Outcome(owner.of(step.target()), step.target(), done(visit, step, mount)));
    }
    return outcomes;
  }

  private static Result done(NamespaceVisit visit, Step step, Path mount) {
    return switch (step) {
      case Blocked(_, var by) ->
          new Failed(by + " is mounted below it and would go with it; the pod has to be made anew");
      case Uncover(var target, var layers) ->
          result(visit, new MountChange(target, layers, null), Optional.empty());
      case Replace replace -> replace(visit, replace, mount);
    };
  }

  private static Result replace(NamespaceVisit visit, Replace step, Path mount) {
    try (var tree = tree(mount, step.directory(), step.attributes())) {
      if (tree == null) {
        return new Missing(step.directory());
      }
      return result(
          visit,
          new MountChange(step.target(), step.layers(), tree),
          Optional.of(step.directory()));
    } catch (IOException e) {
      return Failed.of(e);
    }
  }

  private static Result result(
      NamespaceVisit visit, MountChange change, Optional<String> directory) {
    try {
      var error = visit.change(List.of(change)).getFirst();
      if (error == null) {
        return new Healed();
      }
      // The kernel's word for: one of them is a directory, and the other is not.
      boolean isOther = error.errno() == Errors.EINVAL || error.errno() == Errors.ENOTDIR;
      return isOther && directory.filter(part -> !part.equals("/")).isPresent()
          ? new Missing(directory.get())
          : Failed.of(error);
    } catch (IOException e) {
      return Failed.of(e);
    }
  }

  /** The part of the new session, ready to be put somewhere; null when it is not there. */
  private static @Nullable DetachedMount tree(
      Path mount, String directory, MountAttributes attributes) throws IOException {
    DetachedMount tree;
    try {
      tree = DetachedMount.of(mount, directory);
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case Errors.ENOENT, Errors.ENOTDIR, Errors.ELOOP -> null;
        default -> throw e;
      };
    }
    try {
      tree.set(attributes);
      return tree;
    } catch (IOException e) {
      tree.close();
      throw e;
    }
  }
}
