package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BlockMapTest {
  @Property
  void knows_what_is_there_whatever_the_order(
      @ForAll @Size(max = 60) List<@IntRange(max = 39) Integer> changes) {
    BlockMap map = new BlockMap(10);
    int[] expected = new int[10];
    for (int change : changes) {
      int block = change % 10;
      switch (change / 10) {
        case 0 -> map.allocate(block);
        case 1 -> map.present(block, BlockSums.of(change));
        case 2 -> map.remembered(block, change);
        default -> map.verified(block);
      }
      expected[block] =
          switch (change / 10) {
            case 0 -> 1;
            case 1 -> 3;
            case 2 -> 2;
            default -> expected[block] == 2 ? 3 : expected[block];
          };
    }

    int present = 0;
    for (int block = 0; block < 10; block++) {
      assertThat(map.isAllocated(block)).isEqualTo(expected[block] >= 1);
      assertThat(map.isPresent(block)).isEqualTo(expected[block] >= 2);
      assertThat(map.isVerified(block)).isEqualTo(expected[block] == 3);
      present += expected[block] >= 2 ? 1 : 0;
    }
    assertThat(map.isComplete()).isEqualTo(present == 10);
    assertThat(map.isEmpty()).isEqualTo(present == 0);
  }

  @Property
  void blocks_cover_an_object_without_gap_or_overlap(
      @ForAll @LongRange(min = 1, max = 20L << 20) long size) {
    Blocks blocks = new Blocks(size);
    long at = 0;
    for (int block = 0; block < blocks.count(); block++) {
      assertThat(Blocks.start(block)).isEqualTo(at);
      assertThat(Blocks.at(at)).isEqualTo(block);
      assertThat(blocks.length(block)).isPositive();
      at += blocks.length(block);
      assertThat(blocks.end(block)).isEqualTo(at);
      assertThat(Blocks.at(at - 1)).isEqualTo(block);
    }
    assertThat(at).isEqualTo(size);
  }

  @Test
  void an_empty_object_has_no_block() {
    assertThat(new Blocks(0).count()).isZero();
    assertThat(new BlockMap(0).isComplete()).isTrue();
  }
}
