package io.ossmount.chaos;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.judge.Leaks;
import io.ossmount.chaos.node.Await;
import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Place;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A whole run: a node, workloads, faults, and the end, when what was promised is looked for. */
final class Chaos {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int WARM_UP_SECONDS = 4;

  private final long seed;
  private final Schedule schedule;
  private final List<WorkKind> kinds;
  private final List<Plant> plants;

  /**
   * A run.
   *
   * @param plants errors that have to be found
   */
  Chaos(long seed, Schedule schedule, List<WorkKind> kinds, List<Plant> plants) {
    this.seed = seed;
    this.schedule = schedule;
    this.kinds = List.copyOf(kinds);
    this.plants = List.copyOf(plants);
  }

  /** Runs it in new directories; what it starts, {@code cleanup} ends. */
  Results run(Place place, Cleanup cleanup) throws IOException, InterruptedException {
    var results = new Results();
    var data = new Dataset(seed);
    cleanup.keep(() -> NodeProcesses.sweep(place));
    var node = cleanup.keep(NodeProcesses.start(place, data));
    System.out.println("the volume is at " + node.mount());
    var scratch = place.work().resolve("scratch");
    var workers =
        cleanup.keep(
            Workers.start(node.mount(), scratch, place.logs().resolve("events.log"), seed, kinds));
    warmUp(workers);
    results.note(workers.since(Long.MIN_VALUE / 2));
    var round = new Round(node, workers, Leaks.of(node.pluginPid()));
    for (var injection : schedule.injections()) {
      var finding = round.play(injection);
      results.add(finding, finding.violations(work -> Allowed.of(injection.kind(), work)));
    }
    results.addLast(new LastLook(node, workers).look(plants));
    return results;
  }

  private void warmUp(Workers workers) throws IOException, InterruptedException {
    Await.must(
        "every workload works",
        START,
        () -> kinds.stream().allMatch(kind -> workers.board().operations(kind) > 1));
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
  }
}
