package io.ossmount.fuse.server;

import static io.ossmount.fuse.testing.Shell.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.Errno;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.testing.GatedFileSystem;
import io.ossmount.fuse.testing.Shell;
import io.ossmount.fuse.testing.TestMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of requests that come from a real kernel. Needs root and {@code /dev/fuse}. */
@Timeout(60)
final class RequestObserverIT {
  @TempDir Path directory;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final List<GatedFileSystem> made = new ArrayList<>();

  private record Seen(@Nullable Opcode opcode, int errno, long nanos) {}

  private TestMount mount() throws Exception {
    return TestMount.mount(
        directory,
        FuseServer.Options.defaults(),
        (opcode, errno, nanos) -> seen.add(new Seen(opcode, errno, nanos)),
        state -> {
          GatedFileSystem files = new GatedFileSystem(state);
          files.putFile("file", new byte[10]);
          made.add(files);
          return files;
        });
  }

  private List<Seen> of(@Nullable Opcode opcode) {
    return seen.stream().filter(request -> request.opcode == opcode).toList();
  }

  @Test
  void each_request_is_told_once_with_its_error() throws Exception {
    try (TestMount mount = mount()) {
      made.getFirst().open();
      output("cat $1/file; stat $1/none 2>&1 || true", mount.root());

      // A request is told after its answer.
      await()
          .untilAsserted(() -> {
            assertThat(of(Opcode.RELEASE)).hasSize(1);
            assertThat(of(Opcode.INIT)).hasSize(1);
            assertThat(of(Opcode.OPEN)).hasSize(1).allMatch(open -> open.errno == 0);
            assertThat(of(Opcode.LOOKUP))
                .extracting(Seen::errno)
                .contains(0, Errno.ENOENT.number());
          });
      assertThat(of(null)).allMatch(unknown -> unknown.errno == Errno.ENOSYS.number());
      assertThat(seen).allMatch(request -> request.nanos > 0);
    }
  }

  @Test
  void the_time_of_a_request_that_waits_ends_with_its_answer() throws Exception {
    try (TestMount mount = mount()) {
      long start = System.nanoTime();
      Process looker = Shell.start("exec stat $1/slow-name", mount.root());
      await().until(() -> made.getFirst().waiting() == 1);
      long waited = System.nanoTime();
      assertThat(of(Opcode.LOOKUP)).isEmpty();

      long opened = System.nanoTime();
      made.getFirst().open();
      assertThat(looker.waitFor(10, TimeUnit.SECONDS)).isTrue();

      await().untilAsserted(() -> assertThat(of(Opcode.LOOKUP)).hasSize(1));
      assertThat(of(Opcode.LOOKUP).getFirst().nanos)
          .isBetween(opened - waited, System.nanoTime() - start);
    }
  }
}
