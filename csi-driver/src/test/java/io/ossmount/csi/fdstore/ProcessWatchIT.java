package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.testing.CachePodProcess;
import io.ossmount.fuse.kernel.UnixListener;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ends of real processes. */
@Timeout(60)
final class ProcessWatchIT {
  @TempDir Path directory;
  private final ProcessWatch watch = new ProcessWatch();
  private UnixListener listener;

  @BeforeEach
  void listen() throws Exception {
    listener =
        UnixListener.bind(
            directory.resolve("plugin.sock"), PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void close() {
    watch.close();
    listener.close();
  }

  private CachePodProcess start() {
    return CachePodProcess.start(directory.resolve("plugin.sock"), "pod", "serve");
  }

  @Test
  void the_death_of_a_stopped_process_is_seen_at_once() throws Exception {
    try (var pod = start();
        var connection = listener.accept()) {
      var process = watch.watch("u-1", connection);
      pod.stop();
      assertThat(process.isAlive()).isTrue();
      assertThat(process.end()).isNotDone();

      long killed = System.nanoTime();
      assertThat(process.kill()).isTrue();
      process.end().get(10, TimeUnit.SECONDS);

      var seen = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf("from SIGKILL to its end: %d ms%n", seen.toMillis());
      assertThat(process.isAlive()).isFalse();
      assertThat(process.kill()).isFalse();
    }
  }

  @Test
  void two_connections_of_a_process_have_the_same() throws Exception {
    try (var pod = start()) {
      ServerProcess process;
      try (var first = listener.accept()) {
        process = watch.watch("u-1", first);
      }
      // Its connection broke, and it connects again.
      try (var again = listener.accept()) {
        assertThat(watch.watch("u-1", again)).isSameAs(process);
        assertThat(pod.isAlive()).isTrue();
        pod.kill();
        process.end().get(10, TimeUnit.SECONDS);
      }
    }
    try (var other = start();
        var connection = listener.accept()) {
      assertThat(watch.watch("u-1", connection).isAlive()).isTrue();
      assertThat(other.isAlive()).isTrue();
    }
  }
}
