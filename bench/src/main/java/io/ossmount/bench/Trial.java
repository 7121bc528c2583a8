package io.ossmount.bench;

import java.util.Optional;

/**
 * What one side does for a comparison.
 *
 * @param prepare done once, unmeasured, before the first round, such as filling the cache
 * @param before done, unmeasured, before each run: dropping caches, removing files
 * @param work that is measured
 * @param mount whose process does it, so that its CPU time is looked at; empty: none does
 */
record Trial(Work prepare, Work before, Work work, Optional<Mount> mount) {
  /** By a mount. */
  static Trial of(Mount mount, Work before, Work work) {
    return new Trial(Work.NOTHING, before, work, Optional.of(mount));
  }

  /** By the bench itself. */
  static Trial direct(Work before, Work work) {
    return new Trial(Work.NOTHING, before, work, Optional.empty());
  }

  /** The same, after some preparation. */
  Trial prepared(Work first) {
    return new Trial(first, before, work, mount);
  }

  /** The same, without a look at the CPU time: the process is not one for all of the run. */
  Trial withoutCpuTime() {
    return new Trial(prepare, before, work, Optional.empty());
  }
}
