package io.ossmount.emulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Against "How to obtain OSS resources by segmenting HTTP range requests" in the documentation. */
class ByteRangeProperties {
  private static final Optional<ByteRange> WHOLE = Optional.empty();

  private static Optional<ByteRange> of(String range) {
    return ByteRange.of("bytes=" + range, 1000, false);
  }

  private static Optional<ByteRange> standard(String range) {
    return ByteRange.of("bytes=" + range, 1000, true);
  }

  @Example
  void rangesInsideAreSent() {
    assertThat(of("0-499")).contains(new ByteRange(0, 500));
    assertThat(of("0-0")).contains(new ByteRange(0, 1));
    assertThat(of("500-")).contains(new ByteRange(500, 500));
    assertThat(of("-500")).contains(new ByteRange(500, 500));
    assertThat(of("0-1,5-7")).contains(new ByteRange(0, 2));
  }

  @Example
  void rangesOutsideAreIgnored() {
    for (String range :
        new String[] {"0-1000", "500-2000", "1000-2000", "1000-", "-2000", "-0", "5-4", "-", "x"}) {
      assertThat(of(range)).as(range).isEqualTo(WHOLE);
    }
    assertThat(ByteRange.of("byte=0-499", 1000, false)).isEqualTo(WHOLE);
    assertThat(ByteRange.of("bytes=0-0", 0, false)).isEqualTo(WHOLE);
  }

  @Example
  void standardBehaviourSendsWhatThereIs() {
    assertThat(standard("500-2000")).contains(new ByteRange(500, 500));
    assertThat(standard("-2000")).contains(new ByteRange(0, 1000));
    assertThat(standard("0-99999999999999999999")).contains(new ByteRange(0, 1000));
    for (String range : new String[] {"1000-2000", "1000-", "-0"}) {
      assertThatThrownBy(() -> standard(range))
          .isInstanceOfSatisfying(OssException.class, e -> assertThat(e.status()).isEqualTo(416));
    }
  }

  @Property
  void whatIsSentLiesInside(
      @ForAll @LongRange(min = 0, max = 50) long size,
      @ForAll @LongRange(min = 0, max = 60) long first,
      @ForAll @LongRange(min = 0, max = 60) long last,
      @ForAll boolean isStandard) {
    try {
      ByteRange.of("bytes=" + first + "-" + last, size, isStandard)
          .ifPresent(range -> {
            assertThat(range.offset()).isEqualTo(first);
            assertThat(range.length()).isEqualTo(Math.min(last, size - 1) - first + 1);
            assertThat(range.length()).isPositive();
          });
    } catch (OssException e) {
      assertThat(first).isGreaterThanOrEqualTo(size);
    }
  }
}
