package io.ossmount.chaos;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A whole run: a scene, workloads, faults, and the end, when what was promised is looked for.
 *
 * @param <S> what the faults are done to
 */
final class Chaos<S extends Scene> {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int WARM_UP_SECONDS = 4;

  private final long seed;
  private final Schedule<S> schedule;
  private final Form form;
  private final List<WorkKind> kinds;
  private final List<Plant> plants;
  private final Patience patience;

  /**
   * A run.
   *
   * @param form of all faults
   * @param plants errors that have to be found
   */
  Chaos(
      long seed,
      Schedule<S> schedule,
      Form form,
      List<WorkKind> kinds,
      List<Plant> plants,
      Patience patience) {
    this.seed = seed;
    this.schedule = schedule;
    this.form = form;
    this.kinds = List.copyOf(kinds);
    this.plants = List.copyOf(plants);
    this.patience = patience;
  }

  /** Sets the scene. */
  interface Opening<S> {
    /** Starts all that it is made of; what has to be ended, {@code cleanup} keeps. */
    S open(Dataset data, Cleanup cleanup) throws IOException, InterruptedException;
  }

  /**
   * Runs it.
   *
   * @param logs directory for what workloads tell
   */
  Results run(Opening<? extends S> opening, Path logs, Cleanup cleanup)
      throws IOException, InterruptedException {
    var results = new Results();
    var scene = opening.open(new Dataset(seed), cleanup);
    System.out.println("the volume is at " + scene.crew().volume());
    var workers =
        cleanup.keep(Workers.start(scene.crew(), logs.resolve("events.log"), seed, kinds));
    if (kinds.contains(WorkKind.PINNED)) {
      cleanup.keep(Replacing.start(scene.emulator(), seed));
    }
    warmUp(workers);
    var round = new Round<>(scene, workers, Aftermath.of(scene, patience.goes()), form, patience);
    for (var injection : schedule.injections()) {
      results.between(round.between());
      var finding = round.play(injection);
      results.add(finding, finding.violations(injection.kind()::allowed));
    }
    if (kinds.containsAll(List.of(WorkKind.values()))) {
      results.require(Coverage.missing(results.rows()));
    }
    results.require(Targets.missed(results.rows(), schedule.kinds()));
    results.addLast(new LastLook(scene, workers, round::between, patience).look(plants));
    return results;
  }

  private List<String> idle(Workers workers) {
    return kinds.stream()
        .filter(kind -> workers.board().operations(kind) <= 1)
        .map(WorkKind::title)
        .toList();
  }

  private void warmUp(Workers workers) throws IOException, InterruptedException {
    if (!Await.until(START, () -> idle(workers).isEmpty())) {
      throw new IOException(
          "these do not work within " + START.toSeconds() + " s: " + idle(workers));
    }
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
  }
}
