package io.ossmount.operator.mounttest;

import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.OssMountTestSpec;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a test; immutable.
 *
 * @param status that stands; null: none does
 * @param mount the OssMount that it names; null: there is none
 * @param job its Job; null: there is none
 * @param log of its Job's pod
 * @param now when this was looked at
 */
record ObservedTest(
    TestIdentity test,
    OssMountTestSpec spec,
    @Nullable OssMountTestStatus status,
    @Nullable TestedMount mount,
    @Nullable RunningJob job,
    RunLog log,
    Instant now) {
  /**
   * An OssMount.
   *
   * @param ready whether it says so, of its present spec
   * @param why reason and message of its Ready condition; "" if it has none
   */
  record TestedMount(OssMountSpec spec, boolean ready, String why) {}

  /**
   * A Job.
   *
   * @param finished it has succeeded or failed
   * @param overdue it was ended because it took too long
   * @param trouble what keeps its pod from running, or how that ended; "": nothing that is known
   */
  record RunningJob(boolean finished, boolean overdue, String trouble) {}
}
