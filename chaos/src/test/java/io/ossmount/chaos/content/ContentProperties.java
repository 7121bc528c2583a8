package io.ossmount.chaos.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class ContentProperties {
  private static final int MOST = 10_000;

  @Property(tries = 200)
  void what_is_filled_is_right_wherever_it_is_looked_at(
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1L << 40) long offset,
      @ForAll @IntRange(min = 0, max = MOST) int length,
      @ForAll @IntRange(min = 0, max = MOST) int from) {
    var content = new Content(seed);
    var bytes = ByteBuffer.allocate(length);
    content.fill(bytes, offset);
    var start = Math.min(from, length);

    var part = bytes.flip().position(start);

    assertThat(content.firstDifference(part, offset + start)).isEqualTo(Content.NONE);
  }

  @Property(tries = 200)
  void any_wrong_byte_is_found_where_it_is(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = MOST) int length,
      @ForAll @IntRange(min = 0, max = MOST) int at,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    var content = new Content(seed);
    var bytes = ByteBuffer.allocate(length);
    content.fill(bytes, 0);
    var wrong = at % length;
    bytes.put(wrong, (byte) (bytes.get(wrong) ^ change));

    assertThat(content.firstDifference(bytes.flip(), 0)).isEqualTo(wrong);
  }

  @Property(tries = 100)
  void a_block_of_another_place_or_version_is_wrong(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 1000) int block) {
    var bytes = ByteBuffer.allocate(Content.BLOCK);
    new Content(seed).fill(bytes, (long) block * Content.BLOCK);

    assertThat(new Content(seed).firstDifference(bytes.flip(), 0)).isNotEqualTo(Content.NONE);
    assertThat(new Content(seed + 1).firstDifference(bytes, (long) block * Content.BLOCK))
        .isNotEqualTo(Content.NONE);
  }
}
