package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.testing.CachePodProcess;
import io.ossmount.fuse.kernel.UnixListener;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** The first thread is made by {@code first}, the others as usual. */
  private static ThreadFactory firstBy(ThreadFactory first, AtomicInteger made) {
    var usual = Thread.ofPlatform().daemon().factory();
    return work -> (made.getAndIncrement() == 0 ? first : usual).newThread(work);
  }

  @Test
  void a_thread_that_did_not_start_is_started_for_the_next_one() throws Exception {
    var made = new AtomicInteger();
    ThreadFactory none =
        _ -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    try (var scarce = new ProcessWatch(firstBy(none, made));
        var pod = start();
        var connection = listener.accept()) {
      assertThatThrownBy(() -> scarce.watch("u-1", connection))
          .isInstanceOf(OutOfMemoryError.class);

      var process = scarce.watch("u-1", connection);

      pod.kill();
      process.end().get(10, TimeUnit.SECONDS);
      assertThat(made).hasValue(2);
    }
  }

  @Test
  void after_a_failure_of_the_thread_the_next_one_sees_all_ends() throws Exception {
    var made = new AtomicInteger();
    var failures = new AtomicInteger();
    // A virtual thread may not wait so, and fails at once.
    ThreadFactory failing =
        work ->
            Thread.ofVirtual()
                .unstarted(() -> {
                  work.run();
                  failures.incrementAndGet();
                });
    try (var scarce = new ProcessWatch(firstBy(failing, made));
        var pod = start();
        var connection = listener.accept()) {
      var process = scarce.watch("u-1", connection);
      await().until(() -> failures.get() == 1);

      assertThat(scarce.watch("u-1", connection)).isSameAs(process);

      pod.kill();
      process.end().get(10, TimeUnit.SECONDS);
      assertThat(made).hasValue(2);
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
