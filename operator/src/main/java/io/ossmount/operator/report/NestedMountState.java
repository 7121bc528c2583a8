package io.ossmount.operator.report;

import static io.ossmount.api.v1alpha1.Condition.Status.False;
import static io.ossmount.api.v1alpha1.Condition.Status.True;

import io.ossmount.api.v1alpha1.NestedMount;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedNestedMount;
import io.ossmount.operator.observe.ObservedPod;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a nested mount is doing, by what came of looking for its credentials and by what the cache
 * pods that answer say of its bucket.
 *
 * @param mount with all that it has from the OssMount
 * @param ready its Ready condition
 */
record NestedMountState(NestedMount mount, Finding ready) {
  /** The states of all nested mounts, in the order of the spec. */
  static List<NestedMountState> of(Observed observed, Collection<ObservedPod> pods) {
    var answering =
        pods.stream()
            .filter(pod -> NodeState.isFresh(observed.report(pod), observed.now()))
            .toList();
    return observed.mounts().stream()
        .map(nested -> new NestedMountState(nested.mount(), ready(nested, observed, answering)))
        .toList();
  }

  /** Whether it cannot be used. */
  boolean isBroken() {
    return ready.is(False);
  }

  /** Whether it can be used. */
  boolean isReady() {
    return ready.is(True);
  }

  /** Whether it needs somebody to look at it. */
  boolean warns() {
    return isBroken() || ready.reason().equals(Reasons.HIDES_FILE);
  }

  /** What to tell about it besides the status. */
  Finding event() {
    return Finding.no(
        ready.type(),
        ready.reason(),
        "nested mount %s: %s".formatted(mount.path(), ready.message()));
  }

  private static Finding ready(
      ObservedNestedMount nested, Observed observed, List<ObservedPod> pods) {
    var path = nested.mount().path();
    var fields = "spec.mounts[" + path + "].";
    var secretField = (nested.ownSecret() ? fields : "spec.") + "secretRef";
    var credentials = CredentialsFinding.of(Reasons.READY, secretField, nested.credentials());
    if (credentials.is(False)) {
      return credentials;
    }
    var failing = pods.stream().filter(pod -> isFailing(check(observed, pod, path))).findFirst();
    boolean reachable = pods.stream().anyMatch(pod -> check(observed, pod, path).isReachable());
    if (failing.isPresent()) {
      return failing(nested, observed, failing.get(), reachable);
    }
    if (reachable) {
      return reachable(nested.mount(), observed, pods);
    }
    return pods.isEmpty()
        ? Finding.unknown(Reasons.READY, Reasons.NOT_CHECKED, "no cache pod has checked the bucket")
        : Finding.unknown(Reasons.READY, Reasons.CHECKING, "the bucket is being checked");
  }

  private static Finding failing(
      ObservedNestedMount nested, Observed observed, ObservedPod pod, boolean elsewhereReachable) {
    var mount = nested.mount();
    var store = check(observed, pod, mount.path());
    var reason = NodeState.reason(store);
    var secret = mount.secretRef() == null ? observed.spec().secretRef() : mount.secretRef();
    var what =
        Remedies.append(
            store.message(), reason, "spec.mounts[" + mount.path() + "].", secret.name());
    return Finding.no(
        Reasons.READY, reason, elsewhereReachable ? "on node " + pod.node() + ": " + what : what);
  }

  private static Finding reachable(NestedMount mount, Observed observed, List<ObservedPod> pods) {
    if (pods.stream().anyMatch(pod -> check(observed, pod, mount.path()).hidesFile())) {
      return Finding.yes(
          Reasons.READY,
          Reasons.HIDES_FILE,
          ("the bucket around it has a file %s, which nobody sees; give the mount another"
                  + " path, or move the file")
              .formatted(mount.path()));
    }
    boolean empty =
        pods.stream().anyMatch(pod -> check(observed, pod, mount.path()).directoryEmpty());
    if (!empty) {
      return Finding.yes(
          Reasons.READY, Reasons.REACHABLE, "bucket %s answers".formatted(mount.bucket()));
    }
    return Finding.yes(
        Reasons.READY,
        Reasons.DIRECTORY_EMPTY,
        mount.directory().isEmpty()
            ? "bucket %s has no objects".formatted(mount.bucket())
            : "directory %s of bucket %s has no objects"
                .formatted(mount.directory(), mount.bucket()));
  }

  /** A pod that does not have the mount in force yet has not checked it. */
  private static PodReport.Store check(Observed observed, ObservedPod pod, String path) {
    return Optional.ofNullable(observed.report(pod).mounts().get(path))
        .orElse(PodReport.NONE.store());
  }

  private static boolean isFailing(PodReport.Store store) {
    return !store.isChecking() && !store.isReachable();
  }
}
