package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session that is given up in good order, and taken up again with the same descriptors. */
@Timeout(60)
final class HandoverIT {
  @TempDir Path directory;
  private Path target;
  private FuseServer server;
  private final List<MemoryFileSystem> made = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    target = Files.createDirectory(directory.resolve("mount"));
    server = FuseServer.start(FuseServer.Options.defaults());
  }

  @AfterEach
  void stop() throws Exception {
    FuseMount.abort(target);
    server.close();
  }

  private Session serve(Descriptor device, Descriptor memfd) throws Exception {
    return server.serve(
        "test",
        device,
        memfd,
        state -> {
          MemoryFileSystem files = new MemoryFileSystem(state);
          files.putFile("epoch" + state.epoch(), new byte[0]);
          made.add(files);
          return files;
        });
  }

  @Test
  void requests_wait_between_two_servers_and_ids_are_never_used_twice() throws Exception {
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    Session first = serve(device, SessionMemory.create());
    assertThat(Shell.output("ls -i $1", target)).isEqualTo(((1L << 40) + 1) + " epoch1");
    List<Descriptor> kept = first.duplicates();

    first.close();

    assertThat(first.ended()).isCompletedWithValue(Session.End.CLOSED);
    assertThat(made.getFirst().destroyed()).isZero();
    Process waiting = Shell.start("exec ls $1", target);
    assertThat(waiting.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();

    Session second = serve(kept.get(0), kept.get(1));

    assertThat(second.epoch()).isEqualTo(2);
    assertThat(waiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Shell.output("ls -i $1", target)).isEqualTo(((2L << 40) + 1) + " epoch2");
    FuseMount.detach(target);
    assertThat(second.ended().get(10, TimeUnit.SECONDS)).isEqualTo(Session.End.DISCONNECTED);
    assertThat(made.getLast().destroyed()).isEqualTo(1);
  }

  @Test
  void a_file_system_that_cannot_be_made_leaves_the_session_to_the_next_attempt() throws Exception {
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    Descriptor memfd = SessionMemory.create();
    Descriptor device2 = device.duplicate();
    Descriptor memfd2 = memfd.duplicate();

    assertThatThrownBy(() ->
            server.serve(
                "test",
                device,
                memfd,
                state -> {
                  throw new IllegalStateException("store is away");
                }))
        .hasMessage("store is away");
    assertThat(device.isClosed()).isTrue();
    assertThat(memfd.isClosed()).isTrue();

    Session session = serve(device2, memfd2);
    assertThat(Shell.output("ls $1", target)).isEqualTo("epoch2");
    session.close();
  }

  @Test
  void a_session_that_is_dead_already_ends_at_once() throws Exception {
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    FuseMount.abort(target);

    Session session = serve(device, SessionMemory.create());

    assertThat(session.ended().get(10, TimeUnit.SECONDS)).isEqualTo(Session.End.DISCONNECTED);
    assertThat(made.getLast().destroyed()).isEqualTo(1);
  }
}
