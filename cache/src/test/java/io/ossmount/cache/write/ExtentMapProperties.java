package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class ExtentMapProperties {
  private static final int SIZE = 40;

  record Change(boolean adds, int start, int end) {}

  @Provide
  Arbitrary<Change> changes() {
    Arbitrary<Integer> at = Arbitraries.integers().between(0, SIZE);
    return Combinators.combine(Arbitraries.of(true, true, true, false), at, at)
        .as((adds, one, other) -> new Change(adds, Math.min(one, other), Math.max(one, other)));
  }

  @Provide
  Arbitrary<List<Change>> histories() {
    return changes().list().ofMaxSize(12);
  }

  @Property
  void anExtentMapIsASetOfBytes(
      @ForAll("histories") List<Change> history, @ForAll("changes") Change asked) {
    ExtentMap map = new ExtentMap();
    BitSet bytes = new BitSet();
    for (Change change : history) {
      if (change.adds) {
        map.add(change.start, change.end);
        bytes.set(change.start, change.end);
      } else {
        map.truncate(change.start);
        bytes.clear(change.start, SIZE + 1);
      }
    }
    BitSet range = bytes.get(asked.start, asked.end);
    int length = asked.end - asked.start;
    assertThat(map.total()).isEqualTo(bytes.cardinality());
    assertThat(map.end()).isEqualTo(bytes.length());
    assertThat(map.covers(asked.start, asked.end)).isEqualTo(range.cardinality() == length);
    assertThat(map.touches(asked.start, asked.end)).isEqualTo(!range.isEmpty());
    assertThat(map.covered(asked.start, asked.end)).isEqualTo(range.cardinality());
    BitSet missing = new BitSet();
    for (ExtentMap.Range gap : map.missing(asked.start, asked.end)) {
      assertThat(gap.length()).isPositive();
      missing.set((int) gap.start(), (int) gap.end());
    }
    BitSet expected = new BitSet();
    expected.set(asked.start, asked.end);
    expected.andNot(bytes);
    assertThat(missing).isEqualTo(expected);
  }
}
