package io.ossmount.csi.node;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;

/** What the OssMount says of itself, for the user who waits for it. */
final class ReadyCondition {
  private ReadyCondition() {}

  /** Appended to a message; empty when the OssMount is ready. */
  static String of(OssMount ossMount) {
    var status = ossMount.getStatus();
    if (status == null) {
      return "; the operator has not seen it yet";
    }
    return status.conditions().stream()
        .filter(condition -> condition.type().equals("Ready"))
        .filter(condition -> condition.status() != Condition.Status.True)
        .findFirst()
        .map(ready -> "; it is not ready: " + ready.reason() + ": " + ready.message())
        .orElse("");
  }
}
