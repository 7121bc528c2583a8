package io.ossmount.chaos.node;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.fault.Outstanding;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Readers whose requests the dead server had read, and readers who ask when it is gone. */
final class KillReader implements Fault<NodeProcesses> {
  private static final int READERS = 4;
  private static final int STARTING_MILLIS = 500;
  private static final Duration GONE = Duration.ofSeconds(5);

  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var readers = new ArrayList<Process>();
    node.restarts().await();
    try (var outstanding = Outstanding.at(node);
        var signal = Signal.ready("KILL", node.server().pid())) {
      for (int i = 0; i < READERS; i++) {
        readers.add(reader(node, random));
      }
      var waiting = outstanding.await(random, moment);
      node.server().hold();
      moment.now();
      signal.send();
      readers.add(reader(node, random));
      TimeUnit.MILLISECONDS.sleep(STARTING_MILLIS);
      readers.forEach(Process::destroyForcibly);
      var stay = new ArrayList<String>();
      var deadline = System.nanoTime() + GONE.toNanos();
      for (var each : readers) {
        var left = Math.max(1, deadline - System.nanoTime());
        if (!each.waitFor(left, TimeUnit.NANOSECONDS)) {
          stay.add(stack(each.pid()));
        }
      }
      return stay.isEmpty()
          ? new Outcome.Happened(waiting)
          : new Outcome.Failed(
              "of %d killed readers these stay while there is no server: %s"
                  .formatted(readers.size(), stay));
    } finally {
      readers.forEach(Process::destroyForcibly);
      node.server().resume();
    }
  }

  /** Where it is in the kernel. */
  private static String stack(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "stack"))
          .lines()
          .map(line -> line.replaceFirst("^\\[<0>\\] ", "").replaceFirst("\\+.*", ""))
          .collect(Collectors.joining(" < "));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Reads where nobody reads in order: most of it is not in the cache. */
  private static Process reader(NodeProcesses node, SplittableRandom random) throws IOException {
    var file = node.crew().volume().resolve(Dataset.BIG.path());
    var megabyte = random.nextInt((int) (Dataset.BIG.size() >> 20) / 2);
    return new ProcessBuilder("dd", "if=" + file, "of=/dev/null", "bs=64k", "skip=" + megabyte * 16)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
