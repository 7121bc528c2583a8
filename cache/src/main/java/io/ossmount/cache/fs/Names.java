package io.ossmount.cache.fs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How segments of keys are shown as names, and back. Pure; every object has one name, no two have
 * the same, and no name leads out of its directory.
 *
 * <p>A segment is its own name but for these, whose names begin with {@value #RESERVED}:
 *
 * <ul>
 *   <li>the empty segment, ".", "..", one with a NUL, and one that begins with {@value #RESERVED}:
 *       {@value #ESCAPED} and the segment, in which "%" and what cannot be shown are "%XX";
 *   <li>the last segment of an object {@code a} beside objects {@code a/...}, where the directory
 *       has the name {@code a}: {@value #SHADOWED} and the segment, in the same form;
 *   <li>a segment whose name would be longer than 255 bytes: {@value #LONG} (or {@value
 *       #LONG_SHADOWED}), 32 hexadecimal digits of its SHA-256, "%", and its beginning.
 * </ul>
 */
final class Names {
  static final String RESERVED = "%oss";
  static final String ESCAPED = "%oss%";
  static final String SHADOWED = "%ossfile%";
  static final String LONG = "%osslong%";
  static final String LONG_SHADOWED = "%osslongfile%";

  /** Longest name in bytes: NAME_MAX. */
  static final int MAX_BYTES = 255;

  private static final int DIGEST_DIGITS = 32;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Names() {}

  /** What a name asks for. */
  sealed interface Wanted {
    /** A directory or, if there is none, an object with this segment. */
    record Plain(String segment) implements Wanted {}

    /** The object with this segment, which a directory hides. */
    record Shadowed(String segment) implements Wanted {}

    /** One of those whose segment begins with {@code head}: that which has the name. */
    record Hashed(String head, boolean shadowed) implements Wanted {}

    /** Nothing has this name. */
    record Nothing() implements Wanted {}
  }

  /** Name of a directory, or of an object that no directory hides. */
  static String show(String segment) {
    if (isPlain(segment)) {
      return segment;
    }
    return fit(isShowable(segment) ? segment : ESCAPED + escape(segment), LONG, segment);
  }

  /** Name of an object beside a directory with the same segment. */
  static String showShadowed(String segment) {
    return fit(SHADOWED + escape(segment), LONG_SHADOWED, segment);
  }

  private static boolean isPlain(String segment) {
    return isShowable(segment) && Keys.bytes(segment) <= MAX_BYTES;
  }

  private static boolean isShowable(String segment) {
    return !segment.isEmpty()
        && !isDots(segment)
        && segment.indexOf('\0') < 0
        && !segment.startsWith(RESERVED);
  }

  private static boolean isDots(String segment) {
    return segment.equals(".") || segment.equals("..");
  }

  private static String fit(String name, String prefix, String segment) {
    if (Keys.bytes(name) <= MAX_BYTES) {
      return name;
    }
    StringBuilder shown = new StringBuilder(prefix).append(digest(segment)).append('%');
    int room = MAX_BYTES - shown.length();
    for (int i = 0; i < segment.length(); i += Character.charCount(segment.codePointAt(i))) {
      String next = escapeCharacters(Character.toString(segment.codePointAt(i)));
      room -= Keys.bytes(next);
      if (room < 0) {
        break;
      }
      shown.append(next);
    }
    return shown.toString();
  }

  private static String digest(String segment) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(segment.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGEST_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String escape(String text) {
    return isDots(text) ? text.replace(".", "%2E") : escapeCharacters(text);
  }

  private static String escapeCharacters(String text) {
    return text.replace("%", "%25").replace("\0", "%00");
  }

  /** What a name asks for. */
  static Wanted parse(String name) {
    if (!name.startsWith(RESERVED)) {
      return isPlain(name) ? new Wanted.Plain(name) : new Wanted.Nothing();
    }
    if (name.startsWith(LONG)) {
      return parseLong(name, LONG, false);
    }
    if (name.startsWith(LONG_SHADOWED)) {
      return parseLong(name, LONG_SHADOWED, true);
    }
    if (name.startsWith(SHADOWED)) {
      String segment = unescape(name.substring(SHADOWED.length()));
      boolean right = showShadowed(segment).equals(name);
      return right ? new Wanted.Shadowed(segment) : new Wanted.Nothing();
    }
    if (name.startsWith(ESCAPED)) {
      String segment = unescape(name.substring(ESCAPED.length()));
      return show(segment).equals(name) ? new Wanted.Plain(segment) : new Wanted.Nothing();
    }
    return new Wanted.Nothing();
  }

  /** The segment that a name asks for, if the name alone tells it. */
  static Optional<String> segment(String name) {
    return switch (parse(name)) {
      case Wanted.Plain(String segment) -> Optional.of(segment);
      case Wanted.Shadowed(String segment) -> Optional.of(segment);
      case Wanted.Hashed _, Wanted.Nothing _ -> Optional.empty();
    };
  }

  private static Wanted parseLong(String name, String prefix, boolean shadowed) {
    int head = prefix.length() + DIGEST_DIGITS + 1;
    return name.length() < head || name.charAt(head - 1) != '%'
        ? new Wanted.Nothing()
        : new Wanted.Hashed(unescape(name.substring(head)), shadowed);
  }

  /** Undoes {@link #escape}; leaves what it cannot have made, which is then not the same again. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length() && isHex(text, i + 1)) {
        plain.append((char) HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static boolean isHex(String text, int at) {
    String pair = text.substring(at, at + 2);
    return HexFormat.isHexDigit(pair.charAt(0))
        && HexFormat.isHexDigit(pair.charAt(1))
        && HEX.formatHex(new byte[] {(byte) HexFormat.fromHexDigits(pair)}).equals(pair);
  }
}
