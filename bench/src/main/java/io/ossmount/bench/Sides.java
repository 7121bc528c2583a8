package io.ossmount.bench;

import io.ossmount.bench.Result.Missing;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** Puts a comparison together: who takes part, and how. */
final class Sides {
  private final Bed bed;
  private final Map<Side, Trial> trials = new EnumMap<>(Side.class);
  private final Map<Side, Missing> missing = new EnumMap<>(Side.class);
  private int mostRounds = Integer.MAX_VALUE;

  Sides(Bed bed) {
    this.bed = bed;
  }

  /** OssMount and its peers, each in the same way. */
  Sides mounts(Function<Mount, Trial> trial) {
    for (Mount mount : bed.mounts()) {
      trials.put(mount.side(), trial.apply(mount));
    }
    missing.putAll(bed.missing());
    return this;
  }

  /** OssMount alone. */
  Sides ossmount(Function<Mount, Trial> trial) {
    bed.mounts().stream()
        .filter(mount -> mount.side() == Side.OSSMOUNT)
        .forEach(mount -> trials.put(mount.side(), trial.apply(mount)));
    return this;
  }

  Sides local(Work before, Work work) {
    trials.put(Side.LOCAL, Trial.direct(before, work));
    return this;
  }

  Sides raw(Work work) {
    return raw(Machine::drop, work);
  }

  Sides raw(Work before, Work work) {
    trials.put(Side.RAW, Trial.direct(before, work));
    return this;
  }

  /** For work that takes long: no more rounds than this. */
  Sides atMost(int rounds) {
    mostRounds = rounds;
    return this;
  }

  Comparison rate(String id, String name, String unit, Goal goal) {
    return of(new Row.Title(id, name, unit, Measure.RATE, goal));
  }

  Comparison amount(String id, String name, String unit, Goal goal) {
    return of(new Row.Title(id, name, unit, Measure.AMOUNT, goal));
  }

  private Comparison of(Row.Title title) {
    return new Comparison(title, mostRounds, trials, missing);
  }
}
