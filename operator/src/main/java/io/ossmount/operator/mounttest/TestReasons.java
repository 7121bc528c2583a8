package io.ossmount.operator.mounttest;

/** Types and reasons of an OssMountTest's conditions: users and tests rely on them. */
final class TestReasons {
  static final String COMPLETE = "Complete";
  static final String PASSED = "Passed";

  /** Of Passed, True. */
  static final String ALL_PASSED = "AllPassed";

  /** Of Passed, False. */
  static final String TESTS_FAILED = "TestsFailed";

  /** Of Passed, False: the time was over. */
  static final String TIMED_OUT = "TimedOut";

  /** Of Passed, False: the Job's pod ended before its tests did. */
  static final String POD_FAILED = "PodFailed";

  /** Of Passed, False: somebody deleted the Job. */
  static final String JOB_DELETED = "JobDeleted";

  /** Of Passed, Unknown while it waits, False when it waited too long. */
  static final String MOUNT_MISSING = "OssMountMissing";

  /** Likewise. */
  static final String MOUNT_NOT_READY = "OssMountNotReady";

  /** Likewise. The same word as that of an OssMount. */
  static final String ENDPOINT_MISSING = "EndpointMissing";

  /** Of Passed, Unknown: the API server refuses the Job or its claims. */
  static final String REFUSED = "JobRefused";

  /** Of Passed, Unknown: the Job's pod does not run yet. */
  static final String POD_PENDING = "PodPending";

  /** Of Passed, Unknown. */
  static final String RUNNING = "Running";

  /** Of Complete, False. */
  static final String WAITING = "Waiting";

  /** Of Complete, True. */
  static final String FINISHED = "Finished";

  private TestReasons() {}
}
