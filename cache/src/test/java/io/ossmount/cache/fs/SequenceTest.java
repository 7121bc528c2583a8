package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SequenceTest {
  private static final int COUNT = 100;

  private final Sequence<String> sequence =
      new Sequence<>(16, SequenceTest::after, Function.identity());

  private static String name(int number) {
    return "%03d".formatted(number);
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(SequenceTest::name).toList();
  }

  private static List<String> after(String key, int most) {
    int from = key.isEmpty() ? 0 : Integer.parseInt(key) + 1;
    return names(Math.min(COUNT, from), Math.min(COUNT, from + most));
  }

  @Test
  void twoInARowAreChance() {
    assertThat(sequence.used(name(0)).isExpected()).isFalse();
    assertThat(sequence.used(name(1)).next()).isEmpty();
  }

  @Test
  void theMoreGoOnTheMoreAreExpected() {
    names(0, 2).forEach(sequence::used);

    assertThat(sequence.used(name(2)).next()).containsExactlyElementsOf(names(3, 11));
    List<String> more =
        names(3, 10).stream().flatMap(key -> sequence.used(key).next().stream()).toList();
    assertThat(more).hasSizeGreaterThan(8).startsWith(name(11), name(12)).doesNotHaveDuplicates();
  }

  @Test
  void noMoreThanTheMostAreExpected() {
    long expected = 0;
    for (int i = 0; i < 50; i++) {
      expected += sequence.used(name(i)).next().size();
      assertThat(expected).isLessThanOrEqualTo(i + 1 + 16);
    }
  }

  @Test
  void oneThatWasNotExpectedBeginsAnew() {
    names(0, 6).forEach(sequence::used);

    assertThat(sequence.used(name(80)).isExpected()).isFalse();
    assertThat(sequence.used(name(81)).next()).isEmpty();
    assertThat(sequence.used(name(82)).next()).contains(name(84));
  }

  @Test
  void aDirectoryThatWasExpectedBeginsWithItsFirstOnce() {
    assertThat(sequence.begin()).containsExactlyElementsOf(names(0, 4));
    assertThat(sequence.begin()).isEmpty();
    assertThat(sequence.used(name(0)).isExpected()).isTrue();
  }

  @Test
  void oneThatWasUsedHasBegun() {
    boolean _ = sequence.used(name(7)).isExpected();

    assertThat(sequence.begin()).isEmpty();
  }

  @Test
  void theEndOfTheListingIsTheEnd() {
    names(COUNT - 3, COUNT).forEach(sequence::used);

    assertThat(sequence.used(name(0)).isExpected()).isFalse();
  }
}
