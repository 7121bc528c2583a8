package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.Shell;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is killed at the very end of a request: this test does what it does until then, on
 * the session's own memory, and the next server goes on.
 */
@Timeout(60)
@ParameterizedClass(name = "INIT flags {0} are masked")
@ValueSource(longs = {0, KernelFlags.HAS_RESEND})
final class LeftAnswersIT {
  /** What an older kernel would not have. */
  @Parameter private long masked;

  @TempDir Path directory;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private Path target;
  private FuseServer server;
  private List<Descriptor> kept;

  private final class Recorded extends MemoryFileSystem {
    Recorded(SessionState state) {
      super(state);
      putFile("file", new byte[0]);
    }

    @Override
    public Outcome<Entry> lookup(Caller caller, long parent, String name) {
      calls.add("lookup " + name);
      return super.lookup(caller, parent, name);
    }

    @Override
    public void forget(long node, long lookups) {
      calls.add("forget " + lookups);
      super.forget(node, lookups);
    }

    @Override
    public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
      calls.add("mkdir " + name);
      return super.mkdir(caller, parent, name, mode);
    }
  }

  @BeforeEach
  void start() throws Exception {
    target = Files.createDirectory(directory.resolve("mount"));
    server = FuseServer.start(new FuseServer.Options(2, 0, masked));
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    Session first = server.serve("test", device, SessionMemory.create(), Recorded::new);
    Shell.output("ls $1", target);
    kept = first.duplicates();
    first.close();
    calls.clear();
  }

  @AfterEach
  void stop() throws Exception {
    FuseMount.abort(target);
    server.close();
  }

  private Session serveAgain() throws Exception {
    return server.serve("test", kept.get(0), kept.get(1), Recorded::new);
  }

  /** What the killed server does with the one request that comes. */
  private interface Work {
    void on(MemorySegment room, FuseDevice device);
  }

  private void killedServer(Work work) throws Exception {
    try (SessionMemory memory = SessionMemory.map(kept.get(1).duplicate());
        FuseDevice device = new FuseDevice(kept.get(0).duplicate())) {
      MemorySegment room = memory.buffer(3);
      memory.populate(room);
      await()
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> device.read(SessionMemory.forRequest(room)) > 0);
      work.on(room, device);
    }
  }

  @Test
  void a_change_whose_answer_was_ready_is_not_made_again() throws Exception {
    Path log = directory.resolve("log");
    Process maker = Shell.start(log, "exec mkdir $1/none", target);
    killedServer((room, device) -> {
      DyingServer.answerUntil(Opcode.MKDIR, room, device);
      RoomTail.keep(room, DyingServer.answer(room, Errno.EDQUOT), 16);
    });

    serveAgain();

    assertThat(maker.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(maker.exitValue()).isNotZero();
    assertThat(log).content().contains("Disk quota exceeded");
    assertThat(calls).doesNotContain("mkdir none");
  }

  @Test
  void a_change_whose_answer_was_sent_is_not_made_again() throws Exception {
    Path log = directory.resolve("log");
    Process maker = Shell.start(log, "exec mkdir $1/none", target);
    killedServer((room, device) -> {
      DyingServer.answerUntil(Opcode.MKDIR, room, device);
      MemorySegment answer = DyingServer.answer(room, Errno.EDQUOT);
      RoomTail.keep(room, answer, 16);
      assertThat(device.write(answer, 16)).isEqualTo(16);
    });
    assertThat(maker.waitFor(10, TimeUnit.SECONDS)).isTrue();

    serveAgain();

    Shell.output("ls $1", target);
    assertThat(calls).doesNotContain("mkdir none");
  }

  @Test
  void a_lookup_that_was_answered_twice_counts_once() throws Exception {
    Process looker = Shell.start("exec stat $1/file", target);
    killedServer((room, device) -> {
      DyingServer.answerUntil(Opcode.LOOKUP, room, device);
      assertThat(device.write(DyingServer.answer(room, Errno.EACCES), 16)).isEqualTo(16);
    });
    serveAgain();

    await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(calls).containsSubsequence("lookup file", "forget 1"));
    assertThat(looker.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
