package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.AheadBudget;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class UncachedReaderProperties {
  static final int SIZE = 3_000_000;

  private final byte[] bytes = new byte[SIZE];
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  UncachedReaderProperties() {
    new Random(5).nextBytes(bytes);
    store.with("f", bytes);
  }

  private ObjectVersion version() {
    return store.head("f").orElseThrow().version();
  }

  private byte[] read(UncachedReader reader, long offset, int length) {
    MemorySegment into = MemorySegment.ofArray(new byte[length]);
    int count = reader.read(version(), offset, into);
    return into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
  }

  @Property(tries = 100)
  void everyReadHasTheBytesThatAreThereAndTheBudgetHolds(
      @ForAll @Size(max = 30) List<@IntRange(max = SIZE + 10) Integer> offsets,
      @ForAll @IntRange(min = 1, max = 1 << 20) int length,
      @ForAll @IntRange(max = 8 << 20) int most) {
    AheadBudget budget = new AheadBudget(most);
    UncachedReader reader = new UncachedReader(store, budget);
    for (int offset : offsets) {
      int from = Math.min(offset, SIZE);
      byte[] expected = Arrays.copyOfRange(bytes, from, Math.min(SIZE, from + length));
      assertThat(read(reader, offset, length)).isEqualTo(expected);
      assertThat(budget.takenBytes()).isLessThanOrEqualTo(most);
    }
    reader.close();
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void whoReadsInSequenceNeedsFewRequests() {
    UncachedReader reader = new UncachedReader(store, new AheadBudget(64 << 20));
    for (int at = 0; at < SIZE; at += 128 << 10) {
      assertThat(read(reader, at, 128 << 10))
          .isEqualTo(Arrays.copyOfRange(bytes, at, Math.min(SIZE, at + (128 << 10))));
    }
    assertThat(store.calls("get")).isLessThanOrEqualTo(5);
    reader.close();
  }

  @Test
  void whoJumpsGetsWhatIsAskedForAndNoMore() {
    UncachedReader reader = new UncachedReader(store, new AheadBudget(0));
    assertThat(read(reader, 2_500_000, 4096))
        .isEqualTo(Arrays.copyOfRange(bytes, 2_500_000, 2_504_096));
    assertThat(store.calls("get")).isEqualTo(1);
    reader.close();
  }
}
