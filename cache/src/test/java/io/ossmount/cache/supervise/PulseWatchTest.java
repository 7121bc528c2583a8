package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class PulseWatchTest {
  /** Looks at the same beat; whether the last look was one too many. */
  private static boolean look(PulseWatch watch, long beat, int looks) {
    var isStill = false;
    for (int i = 0; i < looks; i++) {
      assertThat(isStill).isFalse();
      isStill = watch.isStill(beat);
    }
    return isStill;
  }

  @Test
  void aServerThatDoesNotBeginHasAMinute() {
    var watch = new PulseWatch(PulseWatch.FIRST_LOOKS);
    assertThat(look(watch, 0, PulseWatch.FIRST_LOOKS - 1)).isFalse();
    assertThat(watch.isStill(0)).isTrue();
  }

  @Property
  void aPulseThatIsSeenInTimeIsNeverTakenForAHang(
      @ForAll @NotEmpty List<@IntRange(min = 1, max = PulseWatch.LOOKS) Integer> looks) {
    // given
    var watch = new PulseWatch(PulseWatch.FIRST_LOOKS);
    long beat = 1;
    for (int atThisBeat : looks) {
      // when
      var isStill = look(watch, beat++, atThisBeat);
      // then
      assertThat(isStill).isFalse();
    }
  }

  @Property
  void aPulseThatStopsIsOneAfterSixLooks(
      @ForAll List<@IntRange(min = 1, max = PulseWatch.LOOKS) Integer> looks) {
    // given
    var watch = new PulseWatch(PulseWatch.FIRST_LOOKS);
    long beat = 1;
    for (int atThisBeat : looks) {
      look(watch, beat++, atThisBeat);
    }
    // when
    look(watch, beat, PulseWatch.LOOKS);
    // then
    assertThat(watch.isStill(beat)).isTrue();
  }
}
