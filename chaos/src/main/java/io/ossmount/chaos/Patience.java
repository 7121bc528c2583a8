package io.ossmount.chaos;

import java.time.Duration;

/**
 * How long something may stay until it counts as left behind, or as lost.
 *
 * @param goes what a fault leaves in processes, mounts and uploads
 * @param settles what was acknowledged just then, as the bucket shows it
 * @param claims staging files of a killed server, which are uploaded or known to be nobody's
 * @param leaves what was made for volumes, when they are detached
 */
record Patience(Duration goes, Duration settles, Duration claims, Duration leaves) {
  /** That of real faults. */
  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60));

  /** The same, where what is acknowledged is uploaded later. */
  static final Patience OF_PROMISES =
      new Patience(USUAL.goes(), USUAL.claims(), USUAL.claims(), USUAL.leaves());
}
