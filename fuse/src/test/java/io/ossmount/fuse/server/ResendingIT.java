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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that a dead server had read are sent again. Needs root, /dev/fuse and a kernel with
 * FUSE_NOTIFY_RESEND (6.9).
 */
@Timeout(60)
final class ResendingIT {
  @TempDir Path directory;
  private final List<String> made = new CopyOnWriteArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private Path target;
  private FuseServer server;
  private List<Descriptor> kept;

  private final class Recorded extends MemoryFileSystem {
    Recorded(SessionState state) {
      super(state);
    }

    @Override
    public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
      made.add(name);
      return super.mkdir(caller, parent, name, mode);
    }
  }

  @BeforeEach
  void start() throws Exception {
    target = Files.createDirectory(directory.resolve("mount"));
    server = FuseServer.start(FuseServer.Options.defaults());
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    Session first = server.serve("test", device, SessionMemory.create(), Recorded::new);
    Shell.output("ls $1", target);
    kept = first.duplicates();
    first.close();
  }

  @AfterEach
  void stop() throws Exception {
    FuseMount.abort(target);
    server.close();
    for (Process process : processes) {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Asks for a directory, whose MKDIR a server reads that dies then. */
  private Process asks(String name, MemorySegment room, FuseDevice device) throws Exception {
    Process process = Shell.start("exec mkdir $1/" + name, target);
    processes.add(process);
    MemorySegment request = SessionMemory.forRequest(room);
    await().atMost(10, TimeUnit.SECONDS).until(() -> device.read(request) > 0);
    DyingServer.answerUntil(Opcode.MKDIR, room, device);
    return process;
  }

  private static void assertSucceeds(Process process) throws Exception {
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void a_request_that_is_not_in_memory_is_answered() throws Exception {
    Process lost;
    try (FuseDevice device = new FuseDevice(kept.get(0).duplicate())) {
      MemorySegment elsewhere = Arena.ofAuto().allocate(SessionMemory.BUFFER_BYTES, 8);
      lost = asks("lost", elsewhere, device);
    }

    server.serve("test", kept.get(0), kept.get(1), Recorded::new);

    assertSucceeds(lost);
    assertThat(made).containsExactly("lost");
  }

  @Test
  void a_request_that_is_in_memory_goes_on_where_it_was() throws Exception {
    Process noted;
    try (SessionMemory memory = SessionMemory.map(kept.get(1).duplicate());
        FuseDevice device = new FuseDevice(kept.get(0).duplicate())) {
      memory.populate(memory.buffer(3));
      noted = asks("noted", memory.buffer(3), device);
    }

    server.serve("test", kept.get(0), kept.get(1), Recorded::new);

    assertSucceeds(noted);
    // Once: what came again is the request that was there.
    assertThat(made).containsExactly("noted");
  }

  @Test
  void an_answer_that_was_ready_is_sent_under_the_new_number() throws Exception {
    Process answered;
    try (SessionMemory memory = SessionMemory.map(kept.get(1).duplicate());
        FuseDevice device = new FuseDevice(kept.get(0).duplicate())) {
      MemorySegment room = memory.buffer(3);
      memory.populate(room);
      answered = asks("answered", room, device);
      RoomTail.keep(room, DyingServer.answer(room, Errno.EDQUOT), 16);
    }

    server.serve("test", kept.get(0), kept.get(1), Recorded::new);

    assertThat(answered.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(answered.exitValue()).isNotZero();
    assertThat(made).isEmpty();
  }

  @Test
  void what_is_new_is_answered_behind_what_comes_again() throws Exception {
    Process old;
    try (SessionMemory memory = SessionMemory.map(kept.get(1).duplicate());
        FuseDevice device = new FuseDevice(kept.get(0).duplicate())) {
      memory.populate(memory.buffer(0));
      old = asks("old", memory.buffer(0), device);
    }
    Process next = Shell.start("exec stat -f $1", target);
    processes.add(next);
    assertThat(next.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();

    server.serve("test", kept.get(0), kept.get(1), Recorded::new);

    assertSucceeds(old);
    assertSucceeds(next);
    assertThat(made).containsExactly("old");
  }
}
