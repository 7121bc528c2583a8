package io.ossmount.bench;

import io.ossmount.bench.Result.Measured;
import io.ossmount.bench.Result.Missing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The same work by several sides, one after another in each round, so that a noisy machine disturbs
 * all alike.
 *
 * @param title what it is
 * @param mostRounds for work that takes long
 * @param trials in the order in which they are done
 * @param missing sides that cannot do it, with why
 */
record Comparison(
    Row.Title title, int mostRounds, Map<Side, Trial> trials, Map<Side, Missing> missing) {
  Comparison {
    trials = new EnumMap<>(trials);
    missing = Map.copyOf(missing);
  }

  /** Runs it. A peer that fails is left out from then on, and its column says why. */
  Row measure(int rounds) throws IOException, InterruptedException {
    Map<Side, Result> results = new HashMap<>(missing);
    Map<Side, Runs> runs = new EnumMap<>(Side.class);
    for (int round = 0; round < Math.min(rounds, mostRounds); round++) {
      for (Map.Entry<Side, Trial> entry : trials.entrySet()) {
        Side side = entry.getKey();
        if (!results.containsKey(side)) {
          try {
            runs.computeIfAbsent(side, _ -> new Runs(title.measure(), entry.getValue())).one();
          } catch (IOException | RuntimeException failure) {
            if (!side.isPeer()) {
              throw failure;
            }
            System.out.println(side.title() + " failed at " + title.id() + ": " + failure);
            results.put(side, new Missing("failed"));
          }
        }
      }
    }
    runs.forEach((side, done) -> results.computeIfAbsent(side, _ -> done.result()));
    return new Row(title, results);
  }

  /** The runs of one side. */
  private static final class Runs {
    private final Measure measure;
    private final Trial trial;
    private final List<Double> values = new ArrayList<>();
    private final List<Double> cpuSeconds = new ArrayList<>();

    Runs(Measure measure, Trial trial) {
      this.measure = measure;
      this.trial = trial;
    }

    void one() throws IOException, InterruptedException {
      if (values.isEmpty()) {
        trial.prepare().run();
      }
      trial.before().run();
      double before = cpu();
      values.add(measure.of(trial.work()));
      cpuSeconds.add(cpu() - before);
    }

    private double cpu() throws IOException {
      return trial.mount().isPresent() ? trial.mount().get().cpuSeconds() : 0;
    }

    Result result() {
      return new Measured(
          new Sample(values),
          trial.mount().isPresent() ? Optional.of(new Sample(cpuSeconds)) : Optional.empty());
    }
  }
}
