package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations do to the file system what they do to a model of it, and so to the bucket. */
final class ReferenceModelTest {
  private static final int OPERATIONS = 10_000;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void tenThousandRandomOperationsDoWhatTheModelDoes(long seed) {
    InMemoryObjectStore store = new InMemoryObjectStore();
    RandomOperations operations;
    try (Mounted mounted = new Mounted(store)) {
      operations = new RandomOperations(seed, new MountedTarget(mounted));
      operations.run(OPERATIONS);
      operations.closeAll();
    }
    try (Mounted again = new Mounted(store)) {
      operations.compare(new MountedTarget(again));
      assertThat(store.keys()).noneMatch(key -> key.contains("//"));
    }
  }
}
