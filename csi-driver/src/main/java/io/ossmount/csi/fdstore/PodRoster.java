package io.ossmount.csi.fdstore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The cache pods that are connected. Guarded by the lock of the {@link FdStore}. */
final class PodRoster {
  /** The newest last. */
  private final List<PodLink> pods = new ArrayList<>();

  private final Set<PodLink> leaving = new HashSet<>();

  void add(PodLink pod) {
    pods.add(pod);
  }

  void remove(PodLink pod) {
    pods.remove(pod);
    leaving.remove(pod);
  }

  /** It gets no sessions any more. */
  void leaves(PodLink pod) {
    leaving.add(pod);
  }

  boolean isLeaving(PodLink pod) {
    return leaving.contains(pod);
  }

  List<PodLink> all() {
    return List.copyOf(pods);
  }

  boolean hasAnyOf(String ossMountUid) {
    return pods.stream().anyMatch(pod -> pod.ossMountUid().equals(ossMountUid));
  }

  boolean has(ServerProcess process) {
    return pods.stream().anyMatch(pod -> pod.process().equals(process));
  }

  /** The one that came last, of those that stay: it serves what has no server. */
  Optional<PodLink> newest(String ossMountUid) {
    return pods.reversed().stream()
        .filter(pod -> pod.ossMountUid().equals(ossMountUid) && !leaving.contains(pod))
        .findFirst();
  }

  Set<Integer> pids() {
    return pods.stream().map(pod -> pod.process().pid()).collect(Collectors.toSet());
  }
}
