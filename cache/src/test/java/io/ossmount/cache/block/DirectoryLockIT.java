package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.Unset;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process has the directory; it is killed, or goes on. */
@Timeout(60)
final class DirectoryLockIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Thread waiter = Unset.value();

  /** The other process: says so when it has the directory, and keeps it until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
        Files.createFile(directory.resolve("held"));
        int _ = System.in.read();
      }
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private Process holder() throws IOException {
    Process process = start();
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("held")));
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private CompletableFuture<DirectoryLock> waiting() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return DirectoryLock.acquire(directory);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        task -> waiter = Thread.ofPlatform().daemon().start(task));
  }

  @Test
  void whoWaitsHasItAsSoonAsTheOtherIsGone() throws Exception {
    // given
    Process holder = holder();
    CompletableFuture<DirectoryLock> waiting = waiting();
    await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
    assertThat(waiting).isNotDone();

    // when
    kill(holder);

    // then
    waiting.get(10, TimeUnit.SECONDS).close();
  }

  @Test
  void whoHasItKnowsWhetherAnotherProcessWaits() throws Exception {
    // given
    try (DirectoryLock held = DirectoryLock.acquire(directory)) {
      assertThat(held.isAwaited()).isFalse();

      // when
      Process waiting = start();

      // then
      await().atMost(PATIENCE).until(held::isAwaited);
      kill(waiting);
      assertThat(held.isAwaited()).isFalse();
    }
  }

  @Test
  void whoHasWaitedIsNotAwaited() throws Exception {
    // given
    Process holder = holder();
    CompletableFuture<DirectoryLock> waiting = waiting();
    await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);

    // when
    kill(holder);

    // then
    try (DirectoryLock held = waiting.get(10, TimeUnit.SECONDS)) {
      assertThat(held.isAwaited()).isFalse();
    }
  }

  @Test
  void patienceEnds() throws Exception {
    // given
    Process holder = holder();

    // then
    try {
      assertThatThrownBy(() -> DirectoryLock.acquire(directory, Duration.ofMillis(200)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process")
          .hasMessageContaining(directory.toString());
    } finally {
      kill(holder);
    }
  }

  @Test
  void aThreadThatIsInterruptedWaitsNoLonger() throws Exception {
    // given
    try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
      Thread.currentThread().interrupt();

      // then
      assertThatThrownBy(() -> DirectoryLock.acquire(directory))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
