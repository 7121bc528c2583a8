package io.ossmount.cache.memory;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final long MIB = 1 << 20;
  private static final long OTHERS_MIB = 82;

  /** What the options of the image leave for the heap. */
  private static MemoryPlan ofLimit(long mebibytes) {
    return MemoryPlan.of(mebibytes * MIB, mebibytes * MIB / 2, OTHERS_MIB * MIB);
  }

  @Test
  void theDefaultOfTheSpecHasRoomForEverything() {
    // when
    var plan = ofLimit(1024);
    // then
    assertThat(plan)
        .isEqualTo(new MemoryPlan(1024 * MIB, 512 * MIB, 64 * MIB, 15, 64, 32, 87_381, 838_860));
    assertThat(plan.warning()).isEmpty();
  }

  @Test
  void halfOfItHasLessOfEach() {
    assertThat(ofLimit(512))
        .isEqualTo(new MemoryPlan(512 * MIB, 256 * MIB, (27 << 19), 2, 64, 16, 43_690, 419_430));
  }

  @Test
  void tooLittleNamesTheFieldThatHasToGrow() {
    assertThat(ofLimit(447).warning().orElseThrow())
        .contains("447 MiB", "spec.cache.resources.limits.memory", "448Mi");
    assertThat(ofLimit(448).warning()).isEmpty();
  }

  @Test
  void aHeapThatLeavesNothingIsTold() {
    assertThat(MemoryPlan.of(1024 * MIB, 920 * MIB, 0).warning().orElseThrow())
        .contains("920 MiB", "-Xmx");
  }

  /** Sizes as the class says; what lives long has to fit where Serial keeps it. */
  @Property
  void whatThePartsTakeIsLessThanThereIs(@ForAll @LongRange(min = 448, max = 1 << 20) long limit) {
    // when
    var plan = ofLimit(limit);
    // then
    var lasting =
        1536L * plan.names()
            + 160L * plan.versions()
            + MIB * plan.memoryBlocks()
            + (256L << 10) * plan.gets();
    assertThat(lasting).isLessThanOrEqualTo(plan.heapBytes() * 2 / 3);
    var others = (120 + OTHERS_MIB) * MIB + plan.answerBytes() + 10 * MIB * plan.sessions();
    assertThat(others).isLessThanOrEqualTo(plan.memoryBytes() - plan.heapBytes());
  }

  @Property
  void moreMemoryIsNeverLessOfAnything(
      @ForAll @LongRange(min = 1, max = 1 << 16) long one,
      @ForAll @LongRange(min = 1, max = 1 << 16) long more) {
    // when
    var smaller = ofLimit(one);
    var larger = ofLimit(one + more);
    // then
    assertThat(larger.answerBytes()).isGreaterThanOrEqualTo(smaller.answerBytes());
    assertThat(larger.sessions()).isGreaterThanOrEqualTo(smaller.sessions());
    assertThat(larger.gets()).isGreaterThanOrEqualTo(smaller.gets());
    assertThat(larger.memoryBlocks()).isGreaterThanOrEqualTo(smaller.memoryBlocks());
    assertThat(larger.names()).isGreaterThanOrEqualTo(smaller.names());
    assertThat(larger.versions()).isGreaterThanOrEqualTo(smaller.versions());
  }
}
