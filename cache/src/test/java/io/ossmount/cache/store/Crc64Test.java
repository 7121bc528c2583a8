package io.ossmount.cache.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Crc64Test {
  @Test
  void knows_the_check_value_of_crc_64_xz() {
    assertThat(Crc64.of(ByteBuffer.wrap("123456789".getBytes(US_ASCII))))
        .isEqualTo(0x995DC9BBDF1939FAL);
    assertThat(Crc64.of(ByteBuffer.allocate(0))).isZero();
  }

  @Property
  void is_that_of_a_bit_by_bit_computation(@ForAll @Size(max = 200) byte[] bytes) {
    long crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0xC96C5795D7870F42L;
      }
    }
    assertThat(Crc64.of(ByteBuffer.wrap(bytes))).isEqualTo(~crc);
  }

  @Property
  void pieces_combine_to_the_whole(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(max = 300) int cut) {
    int middle = Math.min(cut, bytes.length);
    long first = Crc64.of(ByteBuffer.wrap(bytes, 0, middle));
    long second = Crc64.of(ByteBuffer.wrap(bytes, middle, bytes.length - middle));

    assertThat(Crc64.combine(first, second, bytes.length - middle))
        .isEqualTo(Crc64.of(ByteBuffer.wrap(bytes)));
  }

  @Property(tries = 100)
  void is_the_same_taken_at_once_and_piece_by_piece(
      @ForAll @IntRange(max = 70_000) int length, @ForAll long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    Crc64 pieces = new Crc64();
    for (int at = 0; at < length; at += 1000) {
      pieces.update(ByteBuffer.wrap(bytes, at, Math.min(1000, length - at)));
    }

    assertThat(Crc64.of(ByteBuffer.wrap(bytes))).isEqualTo(pieces.value());
  }

  @Test
  void a_long_tail_of_zeros_combines() {
    byte[] zeros = new byte[1 << 20];
    long one = Crc64.of(ByteBuffer.wrap(zeros));
    long four =
        Crc64.combine(Crc64.combine(one, one, 1 << 20), Crc64.combine(one, one, 1 << 20), 2 << 20);

    assertThat(four).isEqualTo(Crc64.of(ByteBuffer.wrap(Arrays.copyOf(zeros, 4 << 20))));
  }

  @Test
  void is_the_same_of_every_kind_of_buffer() {
    byte[] bytes = new byte[20_003];
    new Random(1).nextBytes(bytes);
    long wanted = Crc64.of(ByteBuffer.wrap(Arrays.copyOfRange(bytes, 3, bytes.length)));

    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().position(3);
    assertThat(Crc64.of(direct)).isEqualTo(wanted);
    assertThat(Crc64.of(direct.asReadOnlyBuffer().slice())).isEqualTo(wanted);
    assertThat(Crc64.of(ByteBuffer.wrap(bytes).position(3).slice())).isEqualTo(wanted);
  }

  @Test
  void moves_the_position_and_takes_direct_buffers() {
    ByteBuffer direct = ByteBuffer.allocateDirect(100);
    Crc64 crc = new Crc64();
    crc.update(direct);

    assertThat(direct.hasRemaining()).isFalse();
    assertThat(crc.value()).isEqualTo(Crc64.of(ByteBuffer.allocate(100)));
  }
}
