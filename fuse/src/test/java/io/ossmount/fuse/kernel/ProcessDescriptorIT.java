package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes by their descriptors, with real ones. */
@Timeout(30)
final class ProcessDescriptorIT {
  @TempDir Path directory;

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  @Test
  void a_process_lives_until_it_is_killed() throws Exception {
    Process process = shell("exec sleep 60");
    try (ProcessDescriptor descriptor = ProcessDescriptor.of((int) process.pid());
        Epoll epoll = new Epoll()) {
      epoll.add(descriptor.descriptor(), 7);
      assertThat(descriptor.isAlive()).isTrue();
      assertThat(epoll.waiter().await(0)).isEqualTo(Epoll.TIMEOUT);

      descriptor.kill();

      assertThat(epoll.waiter().await(5_000)).isEqualTo(7);
      assertThat(descriptor.isAlive()).isFalse();
      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      descriptor.kill();
    }
  }

  @Test
  void a_stopped_process_lives_and_can_be_killed() throws Exception {
    Process process = shell("kill -STOP $$; sleep 60");
    try (ProcessDescriptor descriptor = ProcessDescriptor.of((int) process.pid())) {
      assertThat(descriptor.isAlive()).isTrue();
      descriptor.kill();
      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(descriptor.isAlive()).isFalse();
    }
  }

  @Test
  void a_zombie_is_dead() throws Exception {
    // The child of a shell that became a program which waits for nobody.
    Process parent = shell("sh -c 'echo $$; exec sleep 60' & exec sleep 60");
    int child = Integer.parseInt(parent.inputReader().readLine());
    try (ProcessDescriptor descriptor = ProcessDescriptor.of(child);
        Epoll epoll = new Epoll()) {
      epoll.add(descriptor.descriptor(), 1);
      descriptor.kill();
      assertThat(epoll.waiter().await(5_000)).isEqualTo(1);

      assertThat(ProcessHandle.of(child))
          .hasValueSatisfying(zombie -> assertThat(zombie.isAlive()).isTrue());
      assertThat(descriptor.isAlive()).isFalse();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_number_without_a_process_has_no_descriptor() throws Exception {
    Process process = shell("true");
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> ProcessDescriptor.of((int) process.pid()).close())
        .isInstanceOf(SystemCallException.class);
  }

  @Test
  void the_other_end_of_a_connection_is_known() throws Exception {
    Path socket = directory.resolve("socket");
    try (UnixListener listener =
            UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
        UnixConnection client = UnixConnection.connect(socket);
        UnixConnection accepted = listener.accept();
        ProcessDescriptor peer = ProcessDescriptor.ofPeer(accepted)) {
      assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(peer.isAlive()).isTrue();
      assertThat(client.isClosed()).isFalse();
    }
  }
}
