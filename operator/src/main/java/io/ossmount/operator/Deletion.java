package io.ossmount.operator;

import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.PendingUploads;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Whether an OssMount that no volume uses may go: what programs were told is written, and is not in
 * OSS, would go with it. Whatever the spec says of writing, a volume may have said otherwise.
 *
 * @param uploads that wait
 * @param pods its cache pods
 * @param reports of the pods, by UID
 */
record Deletion(PendingUploads uploads, List<ObservedPod> pods, Map<String, PodReport> reports) {

  /**
   * Whether something may still be uploaded.
   *
   * @param namespaceEnds whether no pod can be made any more; asked when it matters
   */
  boolean waits(BooleanSupplier namespaceEnds) {
    boolean isUnknown =
        reports.values().stream()
            .anyMatch(report -> report.failure() == null && report.answered() == null);
    if (isUnknown) {
      return true;
    }
    boolean isThere =
        pods.stream()
            .anyMatch(pod -> !pod.terminating() && !pod.ended() && uploads.isOn(pod.node()));
    // Of a node without a pod: one will be made, if it can.
    return isThere || (!uploads.isEmpty() && !namespaceEnds.getAsBoolean());
  }
}
