package io.ossmount.cache.write;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of staging files: a number that does not come again, also in another process and when the
 * clock is set back, and the key. Thread-safe.
 */
final class StagingNames {
  private static final int READABLE_LENGTH = 150;
  private static final int RANDOM_BITS = 20;

  private final AtomicLong counter =
      new AtomicLong(
          (System.currentTimeMillis() << RANDOM_BITS)
              + new SecureRandom().nextLong(1L << RANDOM_BITS));

  /** A name for a file of {@code key}; up to 180 bytes, and none that a journal could have. */
  String next(String key) {
    String name = Long.toHexString(counter.incrementAndGet()) + "-" + readable(key);
    boolean isTaken = name.endsWith(StagingJournal.SUFFIX) || name.endsWith(StagingJournal.ANEW);
    return isTaken ? name + "%" : name;
  }

  /** The key as a file name, so that people know what a file that was kept aside belongs to. */
  private static String readable(String key) {
    StringBuilder name = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b != '/' && b != '%' && b != 0x7f;
      name.append(plain ? (char) b : "%" + HexFormat.of().toHexDigits(b));
      if (name.length() > READABLE_LENGTH) {
        break;
      }
    }
    return name.toString();
  }
}
