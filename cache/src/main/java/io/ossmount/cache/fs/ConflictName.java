package io.ossmount.cache.fs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The key under which bytes go up whose name has got another object meanwhile: {@code
 * NAME.conflict-NODE-TIME}, beside it. Pure.
 */
final class ConflictName {
  private static final int MAX_NODE_CHARACTERS = 63;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ConflictName() {}

  /**
   * The key beside {@code key}; the name is cut where the key or the name would be too long.
   *
   * @param node on which the bytes were written; "" when it has no name
   */
  static String of(String key, String node, Instant time) {
    String where = node.replaceAll("[^A-Za-z0-9.-]", "-");
    where = where.substring(0, Math.min(MAX_NODE_CHARACTERS, where.length()));
    String suffix = ".conflict-" + (where.isEmpty() ? "" : where + "-") + TIME.format(time);
    String directory = Keys.parent(key);
    String name = Keys.segment(key);
    int room = Math.min(Names.MAX_BYTES, Keys.MAX_BYTES - Keys.bytes(directory)) - suffix.length();
    StringBuilder cut = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      String next = Character.toString(name.codePointAt(i));
      bytes += Keys.bytes(next);
      if (bytes > room) {
        break;
      }
      cut.append(next);
    }
    return directory + cut + suffix;
  }
}
