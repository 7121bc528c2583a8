package io.ossmount.cache.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * CRC-64 of ECMA-182, reflected and inverted at both ends ("CRC-64/XZ"): what OSS sends in {@code
 * x-oss-hash-crc64ecma}.
 *
 * <p>Eight bytes at a time by eight tables ("slicing-by-8", Kounavis and Berry, "Novel Table
 * Lookup-Based Algorithms for High-Performance CRC Generation", 2008). Each step waits for the one
 * before, so longer input is cut into {@value #LANES} lanes of which a processor computes one step
 * each at a time, and these are put together. What is read is copied into an array before: a
 * process that has just started interprets this, and a call for each word of a buffer then takes
 * thrice as long. {@link #combine} multiplies in GF(2)[x] modulo the polynomial, as Adler's zlib
 * does for CRC-32. Not thread-safe.
 */
public final class Crc64 {
  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
  private static final long X_TO_0 = 1L << 63;
  private static final int LANES = 4;
  private static final int LANE_WORDS = 256;
  private static final int LANE_BYTES = LANE_WORDS * Long.BYTES;
  private static final int STRIPE_WORDS = LANES * LANE_WORDS;

  /** Entry {@code 256 * i + b} is the CRC of byte b followed by i bytes of zeros. */
  private static final long[] TABLES = tables();

  /** Entry i is x^(8 * 2^i) modulo the polynomial: 2^i bytes of zeros. */
  private static final long[] ZEROS = zeros();

  /** Entry {@code 256 * i + b}: byte i of a CRC, if it is b, after a lane of zeros. */
  private static final long[] PAST_A_LANE = pastALane();

  private long state = -1;

  /** CRC of the bytes between position and limit, which are not moved. */
  public static long of(ByteBuffer bytes) {
    Crc64 crc = new Crc64();
    crc.update(bytes.duplicate());
    return crc.value();
  }

  /** Takes the bytes between position and limit; the position then is at the limit. */
  public void update(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long crc = stripes(state, in);
    while (in.remaining() >= Long.BYTES) {
      crc = eight(TABLES, crc ^ in.getLong());
    }
    while (in.hasRemaining()) {
      crc = TABLES[(int) (crc ^ in.get()) & 0xFF] ^ (crc >>> 8);
    }
    state = crc;
    bytes.position(bytes.limit());
  }

  /** Takes as many whole stripes as there are. */
  private static long stripes(long before, ByteBuffer in) {
    LongBuffer words = in.asLongBuffer();
    if (words.remaining() < STRIPE_WORDS) {
      return before;
    }
    long crc = before;
    long[] stripe = new long[STRIPE_WORDS];
    while (words.remaining() >= STRIPE_WORDS) {
      words.get(stripe);
      crc = stripe(crc, stripe);
    }
    in.position(in.position() + words.position() * Long.BYTES);
    return crc;
  }

  private static long stripe(long crc, long[] words) {
    long[] tables = TABLES;
    long first = crc;
    long second = 0;
    long third = 0;
    long fourth = 0;
    for (int i = 0; i < LANE_WORDS; i++) {
      first = eight(tables, first ^ words[i]);
      second = eight(tables, second ^ words[i + LANE_WORDS]);
      third = eight(tables, third ^ words[i + 2 * LANE_WORDS]);
      fourth = eight(tables, fourth ^ words[i + 3 * LANE_WORDS]);
    }
    return pastALane(pastALane(pastALane(first) ^ second) ^ third) ^ fourth;
  }

  /** CRC of what was taken so far. */
  public long value() {
    return ~state;
  }

  /**
   * CRC of two pieces put together.
   *
   * @param first CRC of the first piece
   * @param second CRC of the second piece
   * @param secondLength bytes of the second piece, 0 or more
   */
  public static long combine(long first, long second, long secondLength) {
    long factor = X_TO_0;
    int power = 0;
    for (long rest = secondLength; rest != 0; rest >>>= 1, power++) {
      if ((rest & 1) != 0) {
        factor = multiply(factor, ZEROS[power]);
      }
    }
    return multiply(first, factor) ^ second;
  }

  private static long eight(long[] tables, long mixed) {
    return tables[7 * 256 + ((int) mixed & 0xFF)]
        ^ tables[6 * 256 + ((int) (mixed >>> 8) & 0xFF)]
        ^ tables[5 * 256 + ((int) (mixed >>> 16) & 0xFF)]
        ^ tables[4 * 256 + ((int) (mixed >>> 24) & 0xFF)]
        ^ tables[3 * 256 + ((int) (mixed >>> 32) & 0xFF)]
        ^ tables[2 * 256 + ((int) (mixed >>> 40) & 0xFF)]
        ^ tables[256 + ((int) (mixed >>> 48) & 0xFF)]
        ^ tables[(int) (mixed >>> 56) & 0xFF];
  }

  private static long pastALane(long crc) {
    long shifted = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      shifted ^= PAST_A_LANE[256 * i + ((int) (crc >>> (8 * i)) & 0xFF)];
    }
    return shifted;
  }

  /** Product of two polynomials, bits reflected, modulo {@link #POLYNOMIAL}. */
  private static long multiply(long left, long right) {
    long product = 0;
    long shifted = right;
    for (long bit = X_TO_0; bit != 0; bit >>>= 1) {
      if ((left & bit) != 0) {
        product ^= shifted;
      }
      shifted = timesX(shifted);
    }
    return product;
  }

  private static long timesX(long polynomial) {
    return (polynomial >>> 1) ^ (-(polynomial & 1) & POLYNOMIAL);
  }

  private static long[] tables() {
    long[] tables = new long[8 * 256];
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = timesX(crc);
      }
      tables[i] = crc;
    }
    for (int i = 256; i < tables.length; i++) {
      long before = tables[i - 256];
      tables[i] = (before >>> 8) ^ tables[(int) before & 0xFF];
    }
    return tables;
  }

  private static long[] pastALane() {
    long lane = ZEROS[Integer.numberOfTrailingZeros(LANE_BYTES)];
    long[] table = new long[Long.BYTES * 256];
    for (int i = 0; i < table.length; i++) {
      table[i] = multiply((long) (i & 0xFF) << (8 * (i / 256)), lane);
    }
    return table;
  }

  private static long[] zeros() {
    long[] zeros = new long[63];
    long power = X_TO_0;
    for (int bit = 0; bit < 8; bit++) {
      power = timesX(power);
    }
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = power;
      power = multiply(power, power);
    }
    return zeros;
  }
}
