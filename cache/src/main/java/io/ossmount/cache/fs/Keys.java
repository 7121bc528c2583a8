package io.ossmount.cache.fs;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;

/**
 * Keys as paths: a directory is a prefix that ends with "/" ("" is the bucket itself), everything
 * else is a file.
 */
final class Keys {
  /** As OSS lists them: by their UTF-8 bytes, which is by code points. */
  static final Comparator<String> ORDER = Keys::compare;

  /** Longest key in bytes. */
  static final int MAX_BYTES = 1023;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Keys() {}

  /** A number for a text, the same in every process: FNV-1a of 64 bits. */
  static long hash(String text) {
    return hash(FNV_OFFSET, text);
  }

  private static long hash(long start, String text) {
    long hash = start;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Character.compare(codePointOrder(a), codePointOrder(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** Surrogates stand for code points after all others. */
  private static char codePointOrder(char unit) {
    if (unit < Character.MIN_SURROGATE) {
      return unit;
    }
    return (char) (unit > Character.MAX_SURROGATE ? unit - 0x800 : unit + 0x2000);
  }

  static boolean isDirectory(String key) {
    return key.isEmpty() || key.endsWith("/");
  }

  /** The directory that a key lies in; not of "". */
  static String parent(String key) {
    int end = key.endsWith("/") ? key.length() - 1 : key.length();
    return key.substring(0, key.lastIndexOf('/', end - 1) + 1);
  }

  /**
   * Whether a key is a child of {@code directory}, behind {@code after} and not behind {@code
   * last}; empty: to the end.
   */
  static boolean isChild(String key, String directory, String after, Optional<String> last) {
    return parent(key).equals(directory)
        && ORDER.compare(key, after) > 0
        && last.filter(end -> ORDER.compare(key, end) > 0).isEmpty();
  }

  /** The last segment of a key, without a slash. */
  static String segment(String key) {
    int end = key.endsWith("/") ? key.length() - 1 : key.length();
    return key.substring(key.lastIndexOf('/', end - 1) + 1, end);
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * {@code st_ino} of a key: FNV-1a of 64 bits, mixed; the same in every process.
   *
   * @param tree that the key is of: trees of a mount have other numbers for the same key
   */
  static long inodeNumber(long tree, String key) {
    long hash = hash(FNV_OFFSET ^ tree, key);
    hash ^= hash >>> 32;
    return Math.max(2, hash & Long.MAX_VALUE);
  }
}
