package io.ossmount.chaos;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.judge.Ledger;
import io.ossmount.chaos.scene.Crew;
import io.ossmount.chaos.scene.Crew.Member;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The processes of the workloads: one for most of them, one whose working directory is in the
 * mount, one that has a sub-path of the volume, and one that waits in mapped memory, where a JVM's
 * other threads may have to wait for it. Keeps what they tell. Thread-safe.
 */
final class Workers implements AutoCloseable {
  private static final int LAST_STEP_SECONDS = 70;

  /** Those with a process of their own. */
  private static final Set<WorkKind> APART =
      Set.of(WorkKind.WORKING_DIRECTORY, WorkKind.SUB_PATH, WorkKind.MAPPED_COLD);

  private final Crew crew;
  private final PrintStream log;
  private final Path boardFile;
  private final long seed;
  private final List<WorkKind> kinds;
  private final Board board;
  private final Ledger ledger = new Ledger();
  private final List<Event> events = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final List<Thread> listeners = new ArrayList<>();
  private int restarts;

  /** How many events were handed out. Guarded by these, as they are. */
  private int read;

  private Workers(Crew crew, Path log, long seed, List<WorkKind> kinds) throws IOException {
    this.crew = crew;
    this.log = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8);
    this.boardFile = Files.createDirectories(crew.scratch()).resolve("board");
    this.seed = seed;
    this.kinds = List.copyOf(kinds);
    this.board = Board.open(boardFile);
  }

  /**
   * Starts them.
   *
   * @param log takes what they tell, one line each
   */
  static Workers start(Crew crew, Path log, long seed, List<WorkKind> kinds)
      throws IOException, InterruptedException {
    var workers = new Workers(crew, log, seed, kinds);
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

  /** Writes a line into the log of what they tell. */
  void note(String line) {
    synchronized (events) {
      log.println(line);
    }
  }

  /** What they told of the time since then, but for changes. */
  List<Event> since(long nanos) {
    synchronized (events) {
      return events.stream().filter(event -> end(event) - nanos >= 0).toList();
    }
  }

  /** What they told since the last call. */
  List<Event> unread() {
    synchronized (events) {
      var unread = List.copyOf(events.subList(read, events.size()));
      read = events.size();
      return unread;
    }
  }

  /** Kills all, and starts them anew: their files are those of a mount that is gone. */
  void restart() throws IOException, InterruptedException {
    kill();
    // Other names than those of the last time: what it left unfinished stays as it is.
    restarts++;
    startAll(seed + restarts);
  }

  /** Lets them end their step; those that do not are killed. Whether all ended by themselves. */
  boolean stop() throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_STEP_SECONDS);
    for (var member : members) {
      try {
        member.tellToEnd();
      } catch (IOException _) {
        // It has ended already.
      }
    }
    var ended = true;
    for (var member : members) {
      ended &= member.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    }
    kill();
    return ended;
  }

  private void startAll(long randomSeed) throws IOException, InterruptedException {
    var volume = crew.volume();
    var scratch = crew.scratch();
    start(only(kind -> !APART.contains(kind)), volume.toString(), scratch, randomSeed);
    start(only(WorkKind.MAPPED_COLD::equals), volume.toString(), scratch, randomSeed);
    start(only(WorkKind.SUB_PATH::equals), crew.subPaths().toString(), scratch, randomSeed);
    var inside = volume.resolve(Dataset.SMALL);
    start(only(WorkKind.WORKING_DIRECTORY::equals), "..", inside, randomSeed);
  }

  private List<WorkKind> only(Predicate<WorkKind> some) {
    return kinds.stream().filter(some).toList();
  }

  private void start(List<WorkKind> some, String path, Path directory, long randomSeed)
      throws IOException, InterruptedException {
    if (some.isEmpty()) {
      return;
    }
    var titles = some.stream().map(WorkKind::title).collect(Collectors.joining(","));
    var arguments =
        List.of(
            path,
            crew.scratch().toString(),
            boardFile.toString(),
            Long.toString(seed),
            Long.toString(randomSeed),
            titles);
    var member = crew.start(WorkMain.class, arguments, directory);
    members.add(member);
    listeners.add(Thread.ofPlatform().daemon().start(() -> listen(member)));
  }

  private void listen(Member member) {
    try (var lines =
        new BufferedReader(new InputStreamReader(member.output(), StandardCharsets.UTF_8))) {
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
    members.forEach(Member::kill);
    for (var listener : listeners) {
      listener.join(TimeUnit.SECONDS.toMillis(2));
    }
    members.clear();
    listeners.clear();
  }

  @Override
  public void close() {
    members.forEach(Member::kill);
    log.close();
  }
}
