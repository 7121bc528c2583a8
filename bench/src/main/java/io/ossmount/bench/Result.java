package io.ossmount.bench;

import java.util.Optional;

/** What came of one side of a comparison. */
sealed interface Result {
  /**
   * Figures.
   *
   * @param sample of the runs
   * @param cpuSeconds that the process of the mount took for each run; empty: there is none
   */
  record Measured(Sample sample, Optional<Sample> cpuSeconds) implements Result {}

  /**
   * No figures.
   *
   * @param why in a few words
   */
  record Missing(String why) implements Result {}
}
