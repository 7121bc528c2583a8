package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations in write mode Async, whose uploads go on beside them: the mount shows what a
 * local disk would, and so does the bucket in the end, without a conflict.
 */
final class AsyncModelTest {
  private static final int OPERATIONS = 2_000;
  private static final MountOptions ASYNC =
      new MountOptions(
          "",
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          MountOptions.Defaults.USUAL,
          false,
          new Modes(ReadMode.CACHE, WriteMode.ASYNC));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 5);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomOperationsDoWhatTheModelDoes(long seed) {
    InMemoryObjectStore store = new InMemoryObjectStore();
    RandomOperations operations;
    try (Mounted mounted = new Mounted(store, ASYNC, 1 << 30)) {
      operations = new RandomOperations(seed, new MountedTarget(mounted));
      operations.run(OPERATIONS);
      operations.closeAll();
      assertThat(mounted.tree.activity().pending().conflicts()).isZero();
    }
    try (Mounted again = new Mounted(store)) {
      operations.compare(new MountedTarget(again));
      assertThat(store.keys()).noneMatch(key -> key.contains(".conflict-"));
    }
  }
}
