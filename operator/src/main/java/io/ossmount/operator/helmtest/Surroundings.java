package io.ossmount.operator.helmtest;

import io.ossmount.api.v1alpha1.OssMountTestStatus;
import java.time.Duration;
import java.util.Optional;

/** What {@link InstallationTest} needs of a cluster. */
interface Surroundings {
  /**
   * Whether the API server knows both of OssMount's kinds.
   *
   * @return why not; empty: it does
   */
  Optional<String> missingDefinition();

  /** Whether the operator is ready. */
  boolean isOperatorReady();

  /**
   * Makes an OssMountTest that leaves nothing in the bucket, and is deleted some time after its
   * end.
   *
   * @return its name
   */
  String makeTest(String namespace, String ossMount);

  /** Status of that test; empty: there is none yet. */
  Optional<OssMountTestStatus> status(String namespace, String test);

  /** Waits. */
  void pause(Duration time) throws InterruptedException;
}
