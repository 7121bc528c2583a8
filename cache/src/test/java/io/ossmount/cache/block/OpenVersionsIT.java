package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.OpenVersion.Surroundings;
import io.ossmount.cache.block.OpenVersion.Uses;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OpenVersionsIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Space space =
      new Space(new CacheLimits(100L * MIB, 0, MIB), 1000, () -> 100L * MIB, name -> {});
  private final OpenVersions versions = new OpenVersions("b");
  private final CompletableFuture<Thread> end = new CompletableFuture<>();

  private Surroundings around(Uses uses) {
    space.beginEmpty();
    space.scanned();
    Counters counters = new Counters();
    var ahead = new AheadBudget(MIB);
    return new Surroundings(
        directory,
        space,
        new Fetching(store, space, counters, ahead, 1),
        new MemoryBlocks(1),
        counters,
        uses,
        new Checksums());
  }

  private static Thread start(Runnable work) {
    return Thread.ofPlatform().daemon().start(work);
  }

  /** All versions are ended, as far as that gets, between the locks that a fetch takes. */
  private final class EndedMeanwhile implements Uses {
    @Override
    public boolean isWanted(OpenVersion version) {
      return versions.isWanted(version);
    }

    @Override
    public void retain(OpenVersion version) {
      if (!end.isDone()) {
        Thread ending = start(() -> versions.end(0));
        end.complete(ending);
        while (ending.isAlive() && ending.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
      versions.retain(version);
    }

    @Override
    public void release(OpenVersion version) {
      versions.release(version);
    }
  }

  @Test
  void theEndOfAllVersionsDoesNotHangWithAReaderThatBeginsToFetch() throws Exception {
    ObjectVersion object = store.with("a", new byte[2 * MIB]);
    OpenVersion version = versions.open(around(new EndedMeanwhile()), object);

    Thread reader = start(version::fetchAll);

    assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
    assertThat(end.join().join(Duration.ofSeconds(20))).isTrue();
    assertThat(versions.isBusy()).isFalse();
  }

  @Test
  void nothingIsTakenOverAfterTheEnd() throws IOException {
    ObjectVersion object = store.with("a", new byte[MIB]);
    Path file = Files.write(directory.resolve("file"), new byte[MIB]);
    versions.end(0);

    assertThat(versions.adopt(around(versions), object, file, MIB)).isFalse();
  }
}
