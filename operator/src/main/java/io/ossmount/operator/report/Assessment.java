package io.ossmount.operator.report;

import static io.ossmount.api.v1alpha1.Condition.Status.False;
import static io.ossmount.api.v1alpha1.Condition.Status.True;
import static io.ossmount.api.v1alpha1.Condition.Status.Unknown;

import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.ObservedVolume;
import io.ossmount.operator.plan.Plan;
import io.ossmount.operator.report.NodeState.Kind;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How an OssMount is doing, computed from what was seen, planned and done. The Ready condition
 * takes the reason of the first thing that is wrong, in the order in which a user can do something
 * about it: deletion, suspension, credentials, bucket, cache pods.
 *
 * @param findings one for each type of condition that there is something to say about
 * @param nodes states of the nodes that shall have a pod
 * @param pods the cache pods to show, by node
 * @param mounts states of the nested mounts
 */
public record Assessment(
    List<Finding> findings,
    List<NodeState> nodes,
    SortedMap<String, ObservedPod> pods,
    List<NestedMountState> mounts) {
  /** Assesses. */
  public static Assessment of(Observed observed, Plan plan, Outcome outcome) {
    var pods = new TreeMap<>(plan.pods());
    outcome.created().forEach(pod -> pods.put(pod.node(), pod));
    var nodes =
        plan.nodes().stream()
            .map(node -> NodeState.of(node, pods.get(node), outcome.rejected().get(node), observed))
            .toList();
    var credentials =
        CredentialsFinding.of(
            Reasons.CREDENTIALS_RESOLVED, "spec.secretRef", observed.credentials());
    var mounts = NestedMountState.of(observed, pods.values());
    var bucket = bucket(observed, nodes);
    var ready =
        outcome
            .secretRejection()
            .map(Assessment::secretRejected)
            .orElseGet(() -> cachePods(nodes, plan.unplaced()));
    var findings =
        Stream.of(
                Stream.of(
                    overall(observed, plan, List.of(credentials, bucket, ready), nodes, mounts),
                    credentials,
                    bucket,
                    ready,
                    UpdateFinding.of(plan.pending())),
                MountsFinding.of(mounts).stream(),
                VolumesFinding.of(observed).stream(),
                PendingFinding.of(observed).stream(),
                ResetProgress.finding(observed, pods.values()).stream(),
                SuspendFinding.of(observed, plan.suspension()).stream())
            .flatMap(found -> found)
            .toList();
    return new Assessment(findings, nodes, pods, mounts);
  }

  /** Nodes whose pod serves. */
  long serving() {
    return nodes.stream().filter(node -> node.is(Kind.SERVING)).count();
  }

  /** The Ready condition. */
  Finding ready() {
    return findings.getFirst();
  }

  /** Whether all is well. */
  public boolean isReady() {
    return ready().is(True);
  }

  /** Whether all is well with the nested mounts, too. */
  public boolean isAllWell() {
    return isReady() && mounts.stream().allMatch(NestedMountState::isReady);
  }

  /** What a user must do something about, if there is anything. */
  Optional<Finding> problem() {
    return ready().is(True) || !Reasons.mustAct(ready().reason())
        ? Optional.empty()
        : Optional.of(ready());
  }

  private static Finding bucket(Observed observed, List<NodeState> nodes) {
    var type = Reasons.BUCKET_REACHABLE;
    if (observed.spec().endpoint() == null) {
      return Finding.no(
          type,
          Reasons.ENDPOINT_MISSING,
          "spec.endpoint is absent, and this cluster has no default for it; write it, such as"
              + " oss-cn-shanghai.aliyuncs.com");
    }
    var failing = nodes.stream().filter(node -> node.is(Kind.BUCKET)).toList();
    if (!failing.isEmpty()) {
      var first = failing.getFirst();
      boolean everywhere = nodes.stream().noneMatch(node -> node.is(Kind.SERVING));
      var what =
          Remedies.append(
              first.message(), first.reason(), "spec.", observed.spec().secretRef().name());
      var message = everywhere ? what : "on node " + first.node() + ": " + what;
      return Finding.no(type, first.reason(), message);
    }
    if (nodes.stream().anyMatch(node -> node.is(Kind.SERVING))) {
      return Finding.yes(
          type,
          isDirectoryEmpty(observed) ? Reasons.DIRECTORY_EMPTY : Reasons.REACHABLE,
          isDirectoryEmpty(observed)
              ? emptyDirectory(observed)
              : "bucket %s answers".formatted(observed.spec().bucket()));
    }
    return nodes.stream().anyMatch(node -> node.is(Kind.CHECKING))
        ? Finding.unknown(type, Reasons.CHECKING, "the bucket is being checked")
        : Finding.unknown(type, Reasons.NOT_CHECKED, "no cache pod has checked the bucket");
  }

  private static boolean isDirectoryEmpty(Observed observed) {
    return observed.pods().stream()
        .map(pod -> observed.report(pod).store())
        .anyMatch(store -> store.isReachable() && store.directoryEmpty());
  }

  private static String emptyDirectory(Observed observed) {
    var spec = observed.spec();
    return spec.directory().isEmpty()
        ? "bucket %s has no objects".formatted(spec.bucket())
        : "directory %s of bucket %s has no objects; check spec.directory if it should have some"
            .formatted(spec.directory(), spec.bucket());
  }

  private static Finding secretRejected(String why) {
    return Finding.no(
        Reasons.CACHE_PODS_READY,
        Reasons.SECRET_REJECTED,
        "the API server refuses the Secret for the cache pods: " + why);
  }

  private static Finding cachePods(List<NodeState> nodes, int unplaced) {
    var type = Reasons.CACHE_PODS_READY;
    var wrong = nodes.stream().filter(node -> node.is(Kind.POD)).toList();
    // What a user must act on hides what passes.
    var first =
        wrong.stream()
            .filter(node -> Reasons.mustAct(node.reason()))
            .findFirst()
            .or(() -> wrong.stream().findFirst());
    if (first.isPresent()) {
      return Finding.no(type, first.get().reason(), first.get().message());
    }
    if (unplaced > 0) {
      return Finding.no(
          type,
          Reasons.NO_NODE,
          ("%d of spec.cache.replicas have no node: there are too few schedulable nodes"
                  + " that match spec.cache.nodeSelector")
              .formatted(unplaced));
    }
    return nodes.isEmpty()
        ? Finding.yes(type, Reasons.NONE_NEEDED, "no node needs a cache pod")
        : Finding.yes(
            type, Reasons.ALL_READY, "%d of %<d cache pods are ready".formatted(nodes.size()));
  }

  private static Finding overall(
      Observed observed,
      Plan plan,
      List<Finding> parts,
      List<NodeState> nodes,
      List<NestedMountState> mounts) {
    var type = Reasons.READY;
    if (observed.deleting()) {
      if (observed.volumes().isEmpty()) {
        return Finding.no(type, Reasons.DELETION_BLOCKED, PendingFinding.blocking(observed));
      }
      var volumes = observed.volumes().stream().map(ObservedVolume::name).toList();
      return Finding.no(
          type,
          Reasons.DELETION_BLOCKED,
          ("deletion waits for the volumes that use this OssMount: %s;"
                  + " delete their claims or the volumes")
              .formatted(Names.some(volumes)));
    }
    var suspended = SuspendFinding.ready(plan.suspension());
    if (suspended.isPresent()) {
      return suspended.get();
    }
    var wrong = parts.stream().filter(part -> part.is(False)).findFirst();
    if (wrong.isPresent()) {
      return Finding.no(type, wrong.get().reason(), wrong.get().message());
    }
    if (nodes.isEmpty()) {
      return Finding.yes(type, Reasons.IDLE, "no node needs it, and spec.cache.replicas is 0");
    }
    var unknown = parts.stream().filter(part -> part.is(Unknown)).findFirst();
    if (unknown.isPresent()) {
      return Finding.no(type, unknown.get().reason(), unknown.get().message());
    }
    var message = new StringJoiner("; ").add("%d of %<d nodes serve".formatted(nodes.size()));
    if (isDirectoryEmpty(observed)) {
      message.add(emptyDirectory(observed));
    }
    // They give errors under their own paths only.
    MountsFinding.broken(mounts).ifPresent(message::add);
    return Finding.yes(type, Reasons.SERVING, message.toString());
  }

  /**
   * What is told besides: the directory is empty, an update goes no further, a nested mount is
   * broken or hides a file.
   */
  List<Finding> warnings() {
    return Stream.concat(
            findings.stream().filter(finding -> Reasons.warns(finding.reason())),
            mounts.stream().filter(NestedMountState::warns).map(NestedMountState::event))
        .toList();
  }
}
