package io.ossmount.cache.selftest;

import java.util.SplittableRandom;

/** Bytes that nobody has by chance, the same for the same seed. */
final class RandomBytes {
  private RandomBytes() {}

  static byte[] of(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
