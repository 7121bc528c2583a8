package io.ossmount.cache.selftest;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A read mode and a write mode, and where a volume that has them is mounted.
 *
 * @param readMode Cache or None
 * @param writeMode Through or Async
 * @param root the mount point
 */
public record Pair(String readMode, String writeMode, Path root) {
  private static final Pattern FORM = Pattern.compile("(Cache|None)_(Through|Async)=(/.*)");
  private static final String THROUGH = "Through";

  /**
   * Reads {@code Cache_Through=/mnt/data}.
   *
   * @throws IllegalArgumentException the text is something else
   */
  public static Pair parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a mount is written as in Cache_Through=/mnt/data, with the read mode Cache or None and"
              + " the write mode Through or Async");
    }
    return new Pair(matcher.group(1), matcher.group(2), Path.of(matcher.group(3)));
  }

  /** Such as {@code Cache_Through}. */
  public String name() {
    return readMode + "_" + writeMode;
  }

  /** Whether a file that was closed is an object at once. */
  boolean isThrough() {
    return writeMode.equals(THROUGH);
  }
}
