package io.ossmount.emulator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class Crc64Properties {
  private static long of(byte[] bytes, int from, int to) {
    Crc64 crc = new Crc64();
    crc.update(bytes, from, to - from);
    return crc.getValue();
  }

  /** The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms. */
  @Example
  void checkValue() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(of(digits, 0, 9)).isEqualTo(0x995DC9BBDF1939FAL);
  }

  @Property(tries = 300)
  void bytesOneByOneAreTheSame(@ForAll byte[] bytes) {
    Crc64 crc = new Crc64();
    for (byte each : bytes) {
      crc.update(each);
    }
    assertThat(crc.getValue()).isEqualTo(of(bytes, 0, bytes.length));
  }

  @Property(tries = 300)
  void piecesCombine(@ForAll byte[] first, @ForAll byte[] second) {
    byte[] whole = new byte[first.length + second.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(second, 0, whole, first.length, second.length);
    long combined =
        Crc64.combine(of(first, 0, first.length), of(second, 0, second.length), second.length);
    assertThat(combined).isEqualTo(of(whole, 0, whole.length));
  }
}
