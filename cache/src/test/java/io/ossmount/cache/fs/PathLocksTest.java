package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PathLocksTest {
  private final PathLocks locks = new PathLocks();

  private CompletableFuture<PathLocks.Held> lock(String... keys) {
    return CompletableFuture.supplyAsync(
        () -> locks.lock(keys), task -> Thread.ofVirtual().start(task));
  }

  private static boolean isWaiting(CompletableFuture<?> lock) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(50);
    return !lock.isDone();
  }

  @Test
  void aPathExcludesItselfAndWhatIsBelow() throws Exception {
    PathLocks.Held directory = locks.lock("a/b/");
    var file = lock("a/b/c");
    var same = lock("a/b");
    var beside = lock("a/bc", "x");
    assertThat(beside).succeedsWithin(Duration.ofSeconds(5));
    assertThat(isWaiting(file)).isTrue();
    assertThat(isWaiting(same)).isTrue();

    directory.close();

    assertThat(CompletableFuture.anyOf(file, same)).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void allPathsAreTakenAtOnce() throws Exception {
    PathLocks.Held first = locks.lock("one", "two");
    var crossed = lock("two", "one");
    assertThat(isWaiting(crossed)).isTrue();
    first.close();
    assertThat(crossed).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void aKeyThatChangesWhileItIsWaitedForIsReadAgain() throws Exception {
    String[] key = {"old"};
    PathLocks.Held old = locks.lock("old");
    var done =
        CompletableFuture.supplyAsync(
            () -> locks.with(() -> key[0], locked -> locked),
            task -> Thread.ofVirtual().start(task));
    assertThat(isWaiting(done)).isTrue();
    key[0] = "new";
    old.close();
    assertThat(done).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("new");
  }
}
