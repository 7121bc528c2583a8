package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A process with workloads, one thread each. Arguments: mount, scratch directory, board, seed of
 * the files, seed of what is done with them, workloads. Tells {@link Event}s on its standard
 * output; ends when its standard input does.
 */
public final class WorkMain {
  private static final int ARGUMENTS = 6;
  private static final int PAUSE_AFTER_FAILURE_MILLIS = 100;
  private static final int LAST_STEP_SECONDS = 60;

  private final Path mount;
  private final Path scratch;
  private final Board board;
  private final Dataset data;
  private final long seed;
  private volatile boolean isStopped;

  private WorkMain(Path mount, Path scratch, Board board, Dataset data, long seed) {
    this.mount = mount;
    this.scratch = scratch;
    this.board = board;
    this.data = data;
    this.seed = seed;
  }

  /** Runs until told to stop. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException(
          "MOUNT SCRATCH BOARD DATA_SEED SEED WORKLOAD[,WORKLOAD...]");
    }
    var work =
        new WorkMain(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Board.open(Path.of(arguments[2])),
            new Dataset(Long.parseLong(arguments[3])),
            Long.parseLong(arguments[4]));
    work.run(Arrays.stream(arguments[5].split(",", -1)).map(WorkKind::titled).toList());
    // Threads that are still in a system call are no reason to stay.
    Runtime.getRuntime().halt(0);
  }

  private void run(List<WorkKind> kinds) throws IOException, InterruptedException {
    var threads = new ArrayList<Thread>();
    for (var kind : kinds) {
      threads.add(Thread.ofPlatform().daemon().name(kind.title()).start(() -> work(kind)));
    }
    while (System.in.read() >= 0) {
      // Nothing is said on it; its end is the sign.
    }
    isStopped = true;
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_STEP_SECONDS);
    for (var thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
  }

  private void work(WorkKind kind) {
    var random = new SplittableRandom(Content.of(seed, kind.title(), 0).seed());
    var site = new Site(mount, scratch, data, Long.toHexString(seed), random);
    var probe = new Probe(kind, board, () -> isStopped, WorkMain::tell);
    try (var workload = kind.at(site)) {
      while (!isStopped) {
        try {
          workload.step(probe);
        } catch (Workload.Stopped _) {
          TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Event event) {
    // One write for each line: threads share the stream.
    synchronized (System.out) {
      System.out.println(event.line());
    }
  }
}
