package io.ossmount.bench;

import io.ossmount.bench.Goal.Yardstick;
import io.ossmount.bench.Result.Measured;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * One row of the report: a piece of work done by the mount, and by what it is measured against.
 *
 * @param title what was done
 * @param results of the sides that have to do with it
 */
record Row(Title title, Map<Side, Result> results) {
  Row {
    results = new EnumMap<>(results);
  }

  /**
   * What a row is about.
   *
   * @param id by which it is chosen: that of the goal
   * @param name of the work
   * @param unit of the figures
   * @param measure what they are
   * @param goal what is to be reached
   */
  record Title(String id, String name, String unit, Measure measure, Goal goal) {}

  /** How many times as good OssMount is as a yardstick; empty: one of them was not measured. */
  Optional<Double> ratio(Yardstick yardstick) {
    Optional<Double> other =
        switch (yardstick) {
          case LOCAL -> median(Side.LOCAL);
          case RAW -> median(Side.RAW);
          case BEST_PEER -> bestPeer();
          case FIGURE -> Optional.empty();
        };
    return median(Side.OSSMOUNT)
        .flatMap(own -> other.map(that -> title.measure().ratio(own, that)));
  }

  /** Whether a demand is met; empty: what it takes was not measured. */
  Optional<Boolean> reached(Goal.Bound bound) {
    return bound.yardstick() == Yardstick.FIGURE
        ? median(Side.OSSMOUNT).map(own -> title.measure().ratio(own, bound.value()) >= 1)
        : ratio(bound.yardstick()).map(ratio -> ratio >= bound.value());
  }

  private Optional<Double> bestPeer() {
    return results.keySet().stream()
        .filter(Side::isPeer)
        .flatMap(side -> median(side).stream())
        .reduce(title.measure()::better);
  }

  private Optional<Double> median(Side side) {
    return results.get(side) instanceof Measured measured
        ? Optional.of(measured.sample().median())
        : Optional.empty();
  }
}
