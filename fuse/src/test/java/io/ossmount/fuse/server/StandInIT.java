package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.testing.KeptSession;
import io.ossmount.fuse.testing.KeptSession.Server;
import io.ossmount.fuse.testing.Shell;
import io.ossmount.fuse.testing.SteadyFileSystem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed, and this process stands in for it. Needs root and /dev/fuse. */
@Timeout(120)
final class StandInIT {
  /** Slots and buffers. */
  private static final int ROOMS = 256 + 8;

  /** That of everything that the first server opens. */
  private static final long FIRST_HANDLE = 1;

  @TempDir Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final StandIns standIns = new StandIns();
  private final CountDownLatch over = new CountDownLatch(1);
  private KeptSession session;
  private Path target;

  @BeforeEach
  void mount() throws IOException {
    session = new KeptSession(directory);
    target = session.target();
  }

  @AfterEach
  void unmount() throws Exception {
    session.abort();
    standIns.close();
    for (Process process : processes) {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    session.close();
  }

  private Process start(String script, Object... arguments) throws IOException {
    return start(directory.resolve("nowhere"), script, arguments);
  }

  private Process start(Path output, String script, Object... arguments) throws IOException {
    Process process = Shell.start(output, script, arguments);
    processes.add(process);
    return process;
  }

  private StandIn standIn() throws IOException {
    var task = new StandIn.Task("test", SteadyFileSystem::recorded, over::countDown);
    return standIns.begin(task, session.device(), session.memfd()).orElseThrow();
  }

  private Server served() throws IOException {
    Server first = session.start();
    assertThat(first.says()).isEqualTo("serving 1");
    // INIT is answered then, and the kernel knows the names.
    Shell.output("stat $1/data $1/directory", target);
    return first;
  }

  private void awaitKept(long count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (standIns.counts().kept() < count && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(standIns.counts().kept()).isEqualTo(count);
  }

  /** Until the kernel has it wait, uninterruptibly. */
  private static void awaitWaiting(Process process) throws IOException, InterruptedException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!Files.readString(status).contains("State:\tD") && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(status).content().contains("State:\tD");
  }

  private static void assertDiesSoon(Process process) throws Exception {
    long killed = System.nanoTime();
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("dies").isTrue();
    System.out.printf(
        "from SIGKILL to the end of the process: %d ms%n",
        Duration.ofNanos(System.nanoTime() - killed).toMillis());
  }

  @Test
  void a_thread_that_did_not_start_stands_in_no_later_one_s_way() throws Exception {
    var attempts = new AtomicInteger();
    ThreadFactory starting =
        round -> {
          if (attempts.getAndIncrement() == 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return Thread.ofPlatform().daemon().unstarted(round);
        };
    served().kill();
    try (StandIns scarce = new StandIns(starting)) {
      var task = new StandIn.Task("test", SteadyFileSystem::recorded, over::countDown);
      assertThatThrownBy(() -> scarce.begin(task, session.device(), session.memfd()))
          .isInstanceOf(OutOfMemoryError.class);

      assertThat(scarce.begin(task, session.device(), session.memfd())).isPresent();

      assertThat(Shell.output("timeout 20 stat --cached=never -c '%s %a %i' $1", target))
          .isEqualTo("0 755 1");
    }
  }

  @Test
  void what_is_known_is_answered_without_a_server() throws Exception {
    Server first = served();
    Path opened = directory.resolve("opened");
    Process holder =
        start(
            opened,
            "exec 3< $1/data; echo open; read line < $2;"
                + " exec stat -L --cached=never -c %s /proc/self/fd/3",
            target,
            fifo());
    while (Files.size(opened) == 0) {
      Thread.sleep(10);
    }

    first.kill();
    StandIn standIn = standIn();

    assertThat(Shell.output("stat --cached=never -c '%s %a %i' $1", target)).isEqualTo("0 755 1");
    assertThat(Shell.output("stat -f -c '%s %l' $1", target)).isEqualTo("4096 255");
    Shell.output("echo go > $1", directory.resolve("fifo"));
    assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(opened).content().isEqualTo("open\n" + SteadyFileSystem.BYTES + "\n");
    assertThat(standIns.counts().answered()).isGreaterThanOrEqualTo(3);
    // The file was closed by then, or soon is.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (released().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    standIn.close();
    assertThat(released())
        .containsExactly(new SessionRecords.Key(SessionRecords.Kind.HANDLE, FIRST_HANDLE));
    assertThat(standIns.counts().kept()).isZero();
  }

  @Test
  void what_the_dead_server_had_read_is_answered_as_well() throws Exception {
    Server first = served();
    first.kill();
    Process stat = start(directory.resolve("seen"), "exec stat --cached=never -c %a $1", target);
    try (SessionMemory memory = SessionMemory.map(session.memfd().duplicate());
        FuseDevice device = new FuseDevice(session.device().duplicate())) {
      MemorySegment room = memory.buffer(3);
      memory.populate(room);
      await()
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> device.read(SessionMemory.forRequest(room)) > 0);
    }

    StandIn standIn = standIn();

    assertThat(stat.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("seen")).content().isEqualTo("755\n");
    standIn.close();
  }

  /** Handles of which it is noted that they are not open any more. */
  private List<SessionRecords.Key> released() throws IOException {
    List<SessionRecords.Key> released = new ArrayList<>();
    try (SessionMemory memory = SessionMemory.map(session.memfd().duplicate())) {
      memory
          .records()
          .forEach((key, count, _) -> {
            if (count == SessionRecords.RELEASED) {
              released.add(key);
            }
          });
    }
    return released;
  }

  private Path fifo() throws IOException {
    Path fifo = directory.resolve("fifo");
    Shell.output("mkfifo $1", fifo);
    return fifo;
  }

  @Test
  void who_is_killed_dies_whoever_has_read_his_request() throws Exception {
    Server first = served();
    Process maker = start("exec mkdir $1/directory/made", target);
    assertThat(first.says()).isEqualTo("holding");
    first.kill();
    StandIn standIn = standIn();
    Process looker = start("exec stat $1/unknown", target);
    Process opener = start("exec cat $1/data", target);
    awaitKept(2);
    assertThat(maker.isAlive()).isTrue();

    assertDiesSoon(maker);
    assertDiesSoon(looker);
    assertDiesSoon(opener);

    assertThat(standIns.counts().ended()).isEqualTo(3);
    standIn.close();
  }

  /** The kernel does not hear a signal while a process waits for another one's request. */
  @Test
  void who_waits_for_another_ones_name_or_change_dies_with_the_other_one() throws Exception {
    served().kill();
    StandIn standIn = standIn();
    Process looker = start("exec stat $1/unknown", target);
    awaitKept(1);
    Process behindLooker = start("exec stat $1/unknown", target);
    Process maker = start("exec mkdir $1/directory/made", target);
    awaitKept(2);
    Process behindMaker = start("exec stat $1/directory/unknown", target);
    awaitWaiting(behindLooker);
    awaitWaiting(behindMaker);
    behindLooker.destroyForcibly();
    behindMaker.destroyForcibly();

    assertDiesSoon(looker);
    assertDiesSoon(maker);

    assertDiesSoon(behindLooker);
    assertDiesSoon(behindMaker);
    assertThat(standIns.counts().kept()).isEqualTo(2);
    standIn.close();
  }

  /**
   * The kernel asks for a FLUSH of what a dying process has open, and SIGKILL is not pending then.
   */
  @Test
  void who_is_killed_with_a_file_open_dies() throws Exception {
    Server first = served();
    Path opened = directory.resolve("opened");
    Process holder =
        start(
            opened,
            "exec 3< $1/flushed 4< $1/flushed 5< $1/flushed; echo open; read line < $2",
            target,
            fifo());
    while (Files.size(opened) == 0) {
      Thread.sleep(10);
    }
    first.kill();
    StandIn standIn = standIn();

    assertDiesSoon(holder);

    assertThat(standIns.counts().ended()).isEqualTo(3);
    standIn.close();
  }

  /**
   * As long as exec(2) waits for the FLUSH of a file that it closes, reading some of what /proc has
   * of that process waits as well: others are looked after all the same, and the next server comes.
   */
  @Test
  void who_waits_in_exec_for_an_answer_holds_up_nobody() throws Exception {
    Server first = served();
    Path opened = directory.resolve("opened");
    String program =
        "import os, sys; os.open(sys.argv[1], os.O_RDONLY); print('open', flush=True);"
            + " open(sys.argv[2]).read(); os.execv('/bin/echo', ['echo', 'begun'])";
    Process starter =
        start(opened, "exec python3 -c \"$1\" $2/flushed $3", program, target, fifo());
    await().until(() -> Files.size(opened) > 0);
    first.kill();
    StandIn standIn = standIn();
    Shell.output("echo go > $1", directory.resolve("fifo"));
    awaitKept(1);
    Process looker = start("exec stat $1/unknown", target);
    awaitKept(2);

    assertDiesSoon(looker);
    standIn.close();
    Server second = session.start();

    assertThat(starter.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(opened).content().isEqualTo("open\nbegun\n");
    second.kill();
  }

  @Test
  void a_signal_that_kills_nobody_changes_nothing() throws Exception {
    Server first = served();
    first.kill();
    StandIn standIn = standIn();
    Path output = directory.resolve("output");
    Process looker = start(output, "trap true USR1; stat -c %s $1/later; exit $?", target);
    awaitKept(1);

    Shell.signal(looker, "USR1");
    assertThat(looker.waitFor(1, TimeUnit.SECONDS)).isFalse();
    standIn.close();
    Server second = session.start();

    assertThat(looker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(output).content().isEqualTo(SteadyFileSystem.BYTES + "\n");
    second.kill();
  }

  @Test
  void what_is_kept_is_handled_by_the_next_server_as_if_it_came_then() throws Exception {
    Server first = served();
    Path touched = directory.resolve("touched");
    // The second server is told that the first had begun.
    Process begun = start(touched, "exec mkdir $1/directory/made", target);
    assertThat(first.says()).isEqualTo("holding");
    Server second = session.launch();
    first.kill();
    StandIn standIn = standIn();
    Path read = directory.resolve("read");
    Process reader = start(read, "exec cat $1/data", target);
    Path changed = directory.resolve("changed");
    Process changer = start(changed, "exec chmod 600 $1/data", target);
    awaitKept(2);

    long ending = System.nanoTime();
    standIn.close();
    long ended = System.nanoTime();
    second.give();

    assertThat(second.says()).isEqualTo("serving 2");
    for (Process process : List.of(reader, changer, begun)) {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.readAllBytes(read)).isEqualTo(SteadyFileSystem.content());
    // What the second server says of every change.
    assertThat(changed).content().contains("Function not implemented");
    assertThat(touched).content().isEmpty();
    System.out.printf("hand-over by the stand-in: %d us%n", (ended - ending) / 1_000);
    second.kill();
  }

  @Test
  void a_stand_in_takes_over_what_another_one_and_dead_servers_left() throws Exception {
    served().kill();
    StandIn one = standIn();
    Path changed = directory.resolve("changed");
    Process changer = start(changed, "exec chmod 600 $1/data", target);
    Process looker = start("exec stat $1/unknown", target);
    awaitKept(2);

    one.close();
    StandIn other = standIn();
    assertDiesSoon(looker);
    other.close();
    Server second = session.start();

    assertThat(changer.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(changed).content().contains("Function not implemented");
    second.kill();
  }

  @Test
  void when_the_memory_is_full_the_kernel_keeps_what_comes() throws Exception {
    served().kill();
    StandIn standIn = standIn();
    Path output = directory.resolve("output");
    Process lookers =
        start(
            output,
            "for i in $(seq $2); do { said=$(stat $1/none-$i 2>&1); echo $said; } & done; wait; echo all",
            target,
            ROOMS + 20);
    awaitKept(ROOMS);
    Thread.sleep(1_500);
    assertThat(standIns.counts().kept()).isEqualTo(ROOMS);

    standIn.close();
    Server second = session.start();

    assertThat(lookers.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(output)).hasSize(ROOMS + 20 + 1).last().isEqualTo("all");
    assertThat(Files.readAllLines(output))
        .filteredOn(line -> line.contains("No such file"))
        .hasSize(ROOMS + 20);
    second.kill();
  }

  @Test
  void room_that_a_killed_process_leaves_is_used_again() throws Exception {
    served().kill();
    StandIn standIn = standIn();
    Process victim = start("exec stat $1/victim", target);
    awaitKept(1);
    Process lookers = start("for i in $(seq $2); do stat $1/none-$i & done; wait", target, ROOMS);
    awaitKept(ROOMS);

    assertDiesSoon(victim);

    awaitKept(ROOMS + 1);
    standIn.close();
    Server second = session.start();
    assertThat(lookers.waitFor(40, TimeUnit.SECONDS)).isTrue();
    second.kill();
  }

  @Test
  void after_an_abort_those_who_wait_get_an_error() throws Exception {
    Server first = served();
    Path output = directory.resolve("output");
    Process reader = start(output, "exec cat $1/data > /dev/null", target);
    assertThat(first.says()).isEqualTo("holding");
    first.kill();
    StandIn standIn = standIn();
    Process looker = start("exec stat $1/unknown", target);
    awaitKept(1);

    session.abort();

    assertThat(reader.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(looker.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(output).content().containsAnyOf("connection abort", "not connected");
    assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
    standIn.close();
  }

  @Test
  void a_session_that_was_never_served_has_none() throws Exception {
    var task = new StandIn.Task("test", SteadyFileSystem::recorded, over::countDown);

    assertThat(standIns.begin(task, session.device(), session.memfd())).isEmpty();

    Server first = session.start();
    assertThat(first.says()).isEqualTo("serving 1");
    assertThat(Shell.output("stat -c %s $1/data", target))
        .isEqualTo(Long.toString(SteadyFileSystem.BYTES));
    first.kill();
  }

  @Test
  void there_is_a_thread_only_while_there_are_stand_ins() throws Exception {
    served().kill();
    assertThat(threads()).isZero();

    StandIn standIn = standIn();
    assertThat(threads()).isEqualTo(1);
    standIn.close();

    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (threads() > 0 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(threads()).isZero();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("stand-in"))
        .count();
  }
}
