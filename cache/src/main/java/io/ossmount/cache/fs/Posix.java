package io.ossmount.cache.fs;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a file system keeps of a file besides its bytes, as user metadata of the object: the names
 * and forms of s3fs and ossfs 1, so that each can read the other's files.
 *
 * <p>{@code mode}, {@code uid} and {@code gid} are written as decimal numbers, and read as decimal,
 * octal (leading 0) or hexadecimal (0x) ones. {@code mtime}, {@code atime} and {@code ctime} are
 * seconds with, if not 0, a fraction of nine digits. A mode carries the file type; a symbolic link
 * is an object with S_IFLNK whose bytes are the target. What cannot be read counts as not said.
 *
 * @param mode {@code st_mode}
 * @param others user metadata that is none of these, kept as it is
 */
record Posix(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    Optional<Instant> modified,
    Optional<Instant> accessed,
    Map<String, String> others) {
  static final Posix NOTHING =
      new Posix(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of());

  private static final String MODE = "mode";
  private static final String UID = "uid";
  private static final String GID = "gid";
  private static final String MTIME = "mtime";
  private static final String ATIME = "atime";
  private static final int NANO_DIGITS = 9;
  private static final int MODE_BITS = 0177777;

  Posix {
    others = Map.copyOf(others);
  }

  /** From user metadata. */
  static Posix of(Map<String, String> user) {
    Map<String, String> others = new HashMap<>(user);
    return new Posix(
        mode(others.remove(MODE)),
        number(others.remove(UID)),
        number(others.remove(GID)),
        time(others.remove(MTIME)),
        time(others.remove(ATIME)),
        others);
  }

  /** As user metadata. */
  Map<String, String> toUser() {
    Map<String, String> user = new HashMap<>(others);
    mode.ifPresent(value -> user.put(MODE, Integer.toString(value)));
    uid.ifPresent(value -> user.put(UID, Integer.toUnsignedString(value)));
    gid.ifPresent(value -> user.put(GID, Integer.toUnsignedString(value)));
    modified.ifPresent(value -> user.put(MTIME, format(value)));
    accessed.ifPresent(value -> user.put(ATIME, format(value)));
    return user;
  }

  Posix withMode(int newMode) {
    return new Posix(OptionalInt.of(newMode), uid, gid, modified, accessed, others);
  }

  Posix withUid(int newUid) {
    return new Posix(mode, OptionalInt.of(newUid), gid, modified, accessed, others);
  }

  Posix withGid(int newGid) {
    return new Posix(mode, uid, OptionalInt.of(newGid), modified, accessed, others);
  }

  Posix withModified(Optional<Instant> newModified) {
    return new Posix(mode, uid, gid, newModified, accessed, others);
  }

  Posix withAccessed(Instant newAccessed) {
    return new Posix(mode, uid, gid, modified, Optional.of(newAccessed), others);
  }

  private static OptionalInt mode(@org.jspecify.annotations.Nullable String text) {
    OptionalInt number = number(text);
    return number.isPresent() && (number.getAsInt() & ~MODE_BITS) == 0
        ? number
        : OptionalInt.empty();
  }

  private static OptionalInt number(@org.jspecify.annotations.Nullable String text) {
    try {
      if (text == null) {
        return OptionalInt.empty();
      }
      String digits = text.strip().toLowerCase(Locale.ROOT);
      if (digits.startsWith("0x")) {
        return OptionalInt.of(Integer.parseUnsignedInt(digits.substring(2), 16));
      }
      boolean octal = digits.length() > 1 && digits.startsWith("0");
      return OptionalInt.of(Integer.parseUnsignedInt(digits, octal ? 8 : 10));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static Optional<Instant> time(@org.jspecify.annotations.Nullable String text) {
    try {
      if (text == null) {
        return Optional.empty();
      }
      String[] parts = text.strip().split("\\.", 2);
      long seconds = Long.parseLong(parts[0]);
      String nanos = parts.length == 1 ? "" : parts[1];
      OptionalLong fraction =
          nanos.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(
                  Long.parseLong((nanos + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS)));
      return Optional.of(Instant.ofEpochSecond(seconds, fraction.orElse(0)));
    } catch (NumberFormatException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String format(Instant time) {
    return time.getNano() == 0
        ? Long.toString(time.getEpochSecond())
        : "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }
}
