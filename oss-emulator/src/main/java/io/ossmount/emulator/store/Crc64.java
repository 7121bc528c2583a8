package io.ossmount.emulator.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64 with the polynomial of ECMA-182, reflected, as xz and OSS use it. Eight bytes a step
 * ("slicing by 8", Kounavis and Berry 2005); combination as polynomial multiplication, as zlib does
 * it for CRC-32.
 */
public final class Crc64 implements Checksum {
  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;

  /** x to the power of 0: polynomials are reflected, the highest bit is the lowest power. */
  private static final long ONE = 1L << 63;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long[][] TABLES = tables();

  /** x to the power of (2 to the power of n). */
  private static final long[] SQUARES = squares();

  private long register = ~0L;

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int n = 0; n < 256; n++) {
      long crc = n;
      for (int bit = 0; bit < 8; bit++) {
        crc = timesX(crc);
      }
      tables[0][n] = crc;
    }
    for (int n = 0; n < 256; n++) {
      for (int k = 1; k < 8; k++) {
        long before = tables[k - 1][n];
        tables[k][n] = tables[0][(int) (before & 0xff)] ^ (before >>> 8);
      }
    }
    return tables;
  }

  private static long[] squares() {
    long[] squares = new long[67];
    squares[0] = ONE >>> 1;
    for (int n = 1; n < squares.length; n++) {
      squares[n] = multiply(squares[n - 1], squares[n - 1]);
    }
    return squares;
  }

  @Override
  public void update(int b) {
    register = TABLES[0][(int) ((register ^ b) & 0xff)] ^ (register >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    int i = offset;
    int end = offset + length;
    long crc = register;
    for (; end - i >= 8; i += 8) {
      crc ^= (long) LONG.get(bytes, i);
      crc =
          TABLES[7][(int) (crc & 0xff)]
              ^ TABLES[6][(int) (crc >>> 8 & 0xff)]
              ^ TABLES[5][(int) (crc >>> 16 & 0xff)]
              ^ TABLES[4][(int) (crc >>> 24 & 0xff)]
              ^ TABLES[3][(int) (crc >>> 32 & 0xff)]
              ^ TABLES[2][(int) (crc >>> 40 & 0xff)]
              ^ TABLES[1][(int) (crc >>> 48 & 0xff)]
              ^ TABLES[0][(int) (crc >>> 56)];
    }
    for (; i < end; i++) {
      crc = TABLES[0][(int) ((crc ^ bytes[i]) & 0xff)] ^ (crc >>> 8);
    }
    register = crc;
  }

  @Override
  public long getValue() {
    return ~register;
  }

  @Override
  public void reset() {
    register = ~0L;
  }

  /**
   * The checksum of two pieces one after the other.
   *
   * @param first checksum of the first
   * @param second checksum of the second
   * @param secondLength its length in bytes
   */
  public static long combine(long first, long second, long secondLength) {
    if (first == 0) {
      return second; // a product with the zero polynomial
    }
    return multiply(powerOfX(secondLength), first) ^ second;
  }

  /** x to the power of 8 times {@code bytes}. */
  private static long powerOfX(long bytes) {
    long power = ONE;
    for (int n = 3; bytes != 0; n++, bytes >>>= 1) {
      if ((bytes & 1) != 0) {
        power = multiply(SQUARES[n], power);
      }
    }
    return power;
  }

  private static long multiply(long a, long b) {
    long product = 0;
    for (long mask = ONE; mask != 0; mask >>>= 1) {
      if ((a & mask) != 0) {
        product ^= b;
      }
      b = timesX(b);
    }
    return product;
  }

  private static long timesX(long polynomial) {
    return (polynomial & 1) != 0 ? (polynomial >>> 1) ^ POLYNOMIAL : polynomial >>> 1;
  }
}
