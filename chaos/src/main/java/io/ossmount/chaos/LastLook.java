package io.ossmount.chaos;

import io.ossmount.chaos.node.Await;
import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is found at the end, when no one works any more; one line for each thing that is wrong. */
final class LastLook {
  private static final Duration SETTLE = Duration.ofSeconds(20);

  private final NodeProcesses node;
  private final Workers workers;

  LastLook(NodeProcesses node, Workers workers) {
    this.node = node;
    this.workers = workers;
  }

  List<String> look(List<Plant> plants) throws IOException, InterruptedException {
    var problems = new ArrayList<String>();
    if (!workers.stop()) {
      problems.add("a workload did not end when it was told to");
    }
    node.emulator().clearFaults();
    for (var plant : plants) {
      sow(plant);
    }
    settle(problems, "uploads left in the bucket", () -> node.emulator().uploads());
    settle(problems, "staging files left", this::staging);
    var objects = new ArrayList<String>();
    for (var top : List.of("written", "renamed", "deleted", "unpacked")) {
      objects.addAll(node.emulator().objects(top).keySet());
    }
    workers.ledger().check(objects, node.emulator()::read).stream()
        .map(line -> "write lost: " + line)
        .forEach(problems::add);
    System.out.println(workers.ledger().size() + " paths of writers compared with the bucket");
    end(problems);
    return problems;
  }

  private void end(List<String> problems) throws IOException, InterruptedException {
    node.unpublish();
    settle(
        problems,
        "mounts left",
        () ->
            node.mounts().stream()
                .filter(mount -> mount.type().startsWith("fuse."))
                .map(mount -> mount.target())
                .toList());
    settle(problems, "sessions left", () -> files(node.place().sessions()));
  }

  /** Those of files that are not uploaded yet; what was put aside waits for its owner. */
  private List<String> staging() throws IOException {
    return files(node.place().ossMount().resolve("cache/staging")).stream()
        .filter(name -> !name.contains("/aside") && !name.endsWith(".lock"))
        .toList();
  }

  private void sow(Plant plant) throws IOException {
    switch (plant) {
      case LOST_WRITE -> node.emulator().spoilOne("written");
      case UPLOAD -> node.emulator().beginUpload("written-planted");
      case STAGING ->
          Files.writeString(node.place().ossMount().resolve("cache/staging/planted"), "x");
    }
  }

  /** Looks until there is nothing, or long enough. */
  private static void settle(List<String> problems, String what, Look look)
      throws IOException, InterruptedException {
    var found = new ArrayList<String>();
    if (!Await.until(
        SETTLE,
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
    List<String> look() throws IOException;
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    } catch (NoSuchFileException | UncheckedIOException goneMeanwhile) {
      return List.of("something that changes");
    }
  }
}
