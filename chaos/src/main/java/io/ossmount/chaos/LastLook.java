package io.ossmount.chaos;

import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What is found at the end, when no one works any more; one line for each thing that is wrong. */
final class LastLook {
  /** Begin of the line of a write that is not as it was acknowledged. */
  static final String LOST = "write lost: ";

  /** Begin of the line of what a workload has seen and should not. */
  static final String SEEN = "seen: ";

  /** The line of a workload that hangs. */
  static final String HANGS = "a workload did not end when it was told to";

  private final Scene scene;
  private final Workers workers;
  private final Supplier<List<String>> between;
  private final Patience patience;

  /**
   * A look.
   *
   * @param between what workloads told since the last fault was looked at, and may not have seen
   */
  LastLook(Scene scene, Workers workers, Supplier<List<String>> between, Patience patience) {
    this.scene = scene;
    this.workers = workers;
    this.between = between;
    this.patience = patience;
  }

  List<String> look(List<Plant> plants) throws IOException, InterruptedException {
    var problems = new ArrayList<String>();
    if (!workers.stop()) {
      problems.add(HANGS);
    }
    between.get().stream()
        .map(line -> line.startsWith(Finding.WRONG) ? line : SEEN + line)
        .forEach(problems::add);
    scene.emulator().clearFaults();
    for (var plant : plants) {
      sow(plant);
    }
    var settles = patience.settles();
    settle(problems, settles, "uploads left in the bucket", () -> scene.emulator().uploads());
    var staging = new StagingFiles(scene::staging, patience.claims());
    settle(problems, patience.claims(), "staging files left", () -> List.copyOf(staging.now()));
    var objects = new WrittenObjects(scene.emulator());
    workers.ledger().check(objects.keys(), objects).stream()
        .map(line -> LOST + line)
        .forEach(problems::add);
    System.out.println(workers.ledger().size() + " paths of writers compared with the bucket");
    end(problems);
    return problems;
  }

  private void end(List<String> problems) throws IOException, InterruptedException {
    scene.leave();
    settle(problems, patience.leaves(), "left behind", () -> Aftermath.remains(scene));
  }

  private void sow(Plant plant) throws IOException, InterruptedException {
    switch (plant) {
      case LOST_WRITE -> scene.emulator().spoilOne("written");
      case UPLOAD -> scene.emulator().beginUpload("written-planted");
      case STAGING -> Files.writeString(scene.staging().resolve("planted"), "x");
      case MOUNT -> Planting.mount(scene.crew().scratch().resolve("planted"));
      case DESCRIPTOR -> Planting.descriptor(scene.staging().resolve("held"));
    }
  }

  /** Looks until there is nothing, or long enough. */
  private static void settle(List<String> problems, Duration within, String what, Look look)
      throws IOException, InterruptedException {
    var found = new ArrayList<String>();
    if (!Await.until(
        within,
        () -> {
          found.clear();
          found.addAll(look.look());
          return found.isEmpty();
        })) {
      problems.add(what + ": " + found);
    }
  }

  /** Something that should be empty. */
  private interface Look {
    List<String> look() throws IOException, InterruptedException;
  }
}
