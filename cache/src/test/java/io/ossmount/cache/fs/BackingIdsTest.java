package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.AheadBudget;
import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.fuse.BackingFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BackingIdsTest {
  private static final int MIB = 1 << 20;

  private final Whole blocks = new Whole();
  private final Kernel kernel = new Kernel();
  private final BackingIds ids = new BackingIds(blocks, kernel, () -> 1);

  private StoredVersion version(int number) {
    return new StoredVersion(blocks, new ObjectVersion("key-" + number, "etag", MIB));
  }

  private void takeAndRelease(int number) {
    ids.release(ids.take(version(number)).orElseThrow());
  }

  @Test
  void anIdIsKeptForTheNextWhoOpensTheFile() {
    takeAndRelease(1);
    takeAndRelease(1);
    assertThat(kernel.opened).isEqualTo(1);
    assertThat(kernel.closed).isEmpty();
  }

  @Test
  void whatIsKeptIsAPartOfTheCache() {
    blocks.capacity = 16 * MIB;
    for (int i = 0; i < 6; i++) {
      takeAndRelease(i);
    }
    assertThat(kernel.closed).as("a quarter stays").containsExactly(1, 2);
  }

  @Test
  void whatIsKeptIsGivenUpWhenTheDiskIsFull() {
    for (int i = 0; i < 3; i++) {
      takeAndRelease(i);
    }
    var open = ids.take(version(3)).orElseThrow();
    blocks.capacity = MIB;

    var _ = ids.take(version(4));

    assertThat(kernel.closed).containsExactly(1, 2, 3);
    assertThat(blocks.closed).hasSize(3).doesNotContain(open.version());
  }

  @Test
  void aRefusalOfTheKernelIsRememberedAndAnInterruptIsNot() {
    kernel.failure = Optional.of(new InterruptedIOException());
    assertThat(ids.take(version(1))).isEmpty();
    assertThat(ids.isPossible()).isTrue();

    kernel.failure = Optional.of(new IOException("refused"));
    assertThat(ids.take(version(1))).isEmpty();
    assertThat(ids.isPossible()).isFalse();
    assertThat(blocks.closed).hasSize(2);
  }

  @Test
  void whoIsAwayHasRefusedNothing() {
    kernel.failure = Optional.of(new BackingFiles.Away("away"));
    assertThat(ids.take(version(1))).isEmpty();
    assertThat(ids.state()).isEqualTo(Passthrough.AVAILABLE);

    kernel.failure = Optional.empty();
    assertThat(ids.take(version(1))).isPresent();
    assertThat(blocks.closed).hasSize(1);
  }

  @Test
  void whoCannotBeReachedIsNotAsked() {
    kernel.isReachable = false;
    assertThat(ids.isPossible()).isFalse();
    assertThat(ids.take(version(1))).isEmpty();
    assertThat(kernel.opened).isZero();
    assertThat(ids.state()).isEqualTo(Passthrough.AVAILABLE);

    kernel.isReachable = true;
    assertThat(ids.take(version(1))).isPresent();
  }

  /** Gives ids from 1 on. */
  private static final class Kernel implements BackingFiles {
    private int opened;
    private boolean isReachable = true;
    private final List<Integer> closed = new ArrayList<>();
    private Optional<IOException> failure = Optional.empty();

    @Override
    public boolean isPossible() {
      return true;
    }

    @Override
    public boolean isReachable() {
      return isReachable;
    }

    @Override
    public int open(Path file) throws IOException {
      if (failure.isPresent()) {
        throw failure.get();
      }
      return ++opened;
    }

    @Override
    public void close(int id) {
      closed.add(id);
    }
  }

  /** Has everything, and never reads it. */
  private static final class Whole implements BlockCache {
    private long capacity = 1L << 30;
    private final List<ObjectVersion> closed = new ArrayList<>();

    @Override
    public CachedObject open(ObjectVersion version) {
      return new Opened(version);
    }

    @Override
    public void adopt(ObjectVersion version, Path file) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void drop(ObjectVersion version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isHereOrInUse(ObjectVersion version) {
      return true;
    }

    @Override
    public long cachedBytes(ObjectVersion version) {
      return version.size();
    }

    @Override
    public AheadBudget ahead() {
      return new AheadBudget(0);
    }

    @Override
    public CacheUsage usage() {
      return new CacheUsage(capacity, 0, 0, 0, 0);
    }

    @Override
    public void close() {}

    private final class Opened implements CachedObject {
      private final ObjectVersion version;

      Opened(ObjectVersion version) {
        this.version = version;
      }

      @Override
      public ObjectVersion version() {
        return version;
      }

      @Override
      public int readCached(long offset, MemorySegment into) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(long offset, MemorySegment into) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Optional<Path> whole() {
        return Optional.of(Path.of(version.key()));
      }

      @Override
      public void fetchAll() {}

      @Override
      public void close() {
        closed.add(version);
      }
    }
  }
}
