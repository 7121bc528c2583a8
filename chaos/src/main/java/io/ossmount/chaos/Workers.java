package io.ossmount.chaos;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.judge.Ledger;
import io.ossmount.chaos.work.Board;
import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.WorkKind;
import io.ossmount.chaos.work.WorkMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The processes of the workloads: one for most of them, one whose working directory is in the
 * mount. Keeps what they tell. Thread-safe.
 */
final class Workers implements AutoCloseable {
  private static final int LAST_STEP_SECONDS = 70;

  private final Path mount;
  private final PrintStream log;
  private final Path scratch;
  private final Path boardFile;
  private final long seed;
  private final List<WorkKind> kinds;
  private final Board board;
  private final Ledger ledger = new Ledger();
  private final List<Event> events = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Thread> listeners = new ArrayList<>();

  private Workers(Path mount, Path scratch, Path log, long seed, List<WorkKind> kinds)
      throws IOException {
    this.log = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8);
    this.mount = mount;
    this.scratch = Files.createDirectories(scratch);
    this.boardFile = scratch.resolve("board");
    this.seed = seed;
    this.kinds = List.copyOf(kinds);
    this.board = Board.open(boardFile);
  }

  /**
   * Starts them.
   *
   * @param scratch directory for them on the local disk
   * @param log takes what they tell, one line each
   */
  static Workers start(Path mount, Path scratch, Path log, long seed, List<WorkKind> kinds)
      throws IOException {
    var workers = new Workers(mount, scratch, log, seed, kinds);
    workers.startAll(seed);
    return workers;
  }

  List<WorkKind> kinds() {
    return kinds;
  }

  Board board() {
    return board;
  }

  Ledger ledger() {
    return ledger;
  }

  /** What they told of the time since then, but for changes. */
  List<Event> since(long nanos) {
    synchronized (events) {
      return events.stream().filter(event -> end(event) - nanos >= 0).toList();
    }
  }

  /** Kills all, and starts them anew: their files are those of a mount that is gone. */
  void restart() throws IOException, InterruptedException {
    kill();
    // Other names than those of the last time: what it left unfinished stays as it is.
    startAll(System.nanoTime());
  }

  /** Lets them end their step; those that do not are killed. Whether all ended by themselves. */
  boolean stop() throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_STEP_SECONDS);
    for (var process : processes) {
      try {
        process.getOutputStream().close();
      } catch (IOException _) {
        // It has ended already.
      }
    }
    var ended = true;
    for (var process : processes) {
      ended &= process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    kill();
    return ended;
  }

  private void startAll(long randomSeed) throws IOException {
    var inside = kinds.stream().filter(kind -> kind == WorkKind.WORKING_DIRECTORY).toList();
    var outside = kinds.stream().filter(kind -> kind != WorkKind.WORKING_DIRECTORY).toList();
    start(outside, mount.toString(), scratch, randomSeed);
    start(inside, "..", mount.resolve(Dataset.SMALL), randomSeed);
  }

  private void start(List<WorkKind> some, String path, Path directory, long randomSeed)
      throws IOException {
    if (some.isEmpty()) {
      return;
    }
    var titles = some.stream().map(WorkKind::title).collect(Collectors.joining(","));
    var command = new ArrayList<>(Java.own(WorkMain.class));
    command.addAll(
        List.of(
            path,
            scratch.toString(),
            boardFile.toString(),
            Long.toString(seed),
            Long.toString(randomSeed),
            titles));
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    listeners.add(Thread.ofVirtual().start(() -> listen(process)));
  }

  private void listen(Process process) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().map(Event::parse).flatMap(Optional::stream).forEach(this::take);
    } catch (IOException | UncheckedIOException _) {
      // It has ended.
    }
  }

  private void take(Event event) {
    if (event instanceof Event.Change change) {
      ledger.take(change);
    } else {
      synchronized (events) {
        events.add(event);
        log.println(event.line());
      }
    }
  }

  private static long end(Event event) {
    return switch (event) {
      case Event.Failed failed -> failed.at();
      case Event.Wrong wrong -> wrong.at();
      case Event.Gap gap -> gap.to();
      case Event.Change _ -> Long.MIN_VALUE;
    };
  }

  /** Kills all. */
  void kill() throws InterruptedException {
    processes.forEach(Process::destroyForcibly);
    for (var listener : listeners) {
      listener.join(TimeUnit.SECONDS.toMillis(2));
    }
    processes.clear();
    listeners.clear();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    log.close();
  }
}
