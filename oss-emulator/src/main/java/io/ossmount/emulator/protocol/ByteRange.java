package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an object.
 *
 * @param offset first byte
 * @param length bytes, at least 1
 */
record ByteRange(long offset, long length) {
  /** OSS looks at the first range only. */
  private static final Pattern SYNTAX = Pattern.compile("bytes=(\\d*)-(\\d*)(,.*)?");

  /**
   * What a Range header means. A range that does not lie inside of the object makes OSS send all of
   * it, unless the client asks for standard behaviour (x-oss-range-behavior: standard); then the
   * part that exists is sent, or InvalidRange.
   *
   * @return empty: the whole object with status 200
   */
  static Optional<ByteRange> of(String header, long size, boolean isStandard) {
    Matcher matcher = SYNTAX.matcher(header);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    boolean isSuffix = matcher.group(1).isEmpty();
    long first = isSuffix ? size - number(matcher.group(2)) : number(matcher.group(1));
    long last = isSuffix || matcher.group(2).isEmpty() ? size - 1 : number(matcher.group(2));
    if (!isSuffix && !matcher.group(2).isEmpty() && first > last) {
      return Optional.empty();
    }
    if (first >= 0 && first <= last && last < size) {
      return Optional.of(new ByteRange(first, last - first + 1));
    }
    if (!isStandard) {
      return Optional.empty();
    }
    if (first >= size) {
      throw new OssException(ErrorCode.INVALID_RANGE)
          .header("Content-Range", "bytes */" + size)
          .detail("ActualObjectSize", Long.toString(size))
          .detail("RangeRequested", header);
    }
    long from = Math.max(0, first);
    return Optional.of(new ByteRange(from, Math.min(last, size - 1) - from + 1));
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE / 2 : Long.parseLong(digits);
  }

  String contentRange(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }
}
