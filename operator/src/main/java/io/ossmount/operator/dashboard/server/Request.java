package io.ossmount.operator.dashboard.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as pages need it; immutable.
 *
 * @param method as HTTP names it
 * @param path its segments, decoded
 * @param query decoded; of a parameter given twice, the first
 * @param form the same of the body of a POST
 * @param headers in lower case; of one given twice, the first
 * @param address from where it comes
 */
record Request(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> form,
    Map<String, String> headers,
    String address) {

  private static final int MOST_PARAMETERS = 32;

  /** A request that is not understood. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /** A request of these raw parts. */
  static Request of(
      String method,
      String rawPath,
      @Nullable String rawQuery,
      String body,
      Map<String, String> headers,
      String address)
      throws Malformed {
    return new Request(
        method, segments(rawPath), parameters(rawQuery), parameters(body), headers, address);
  }

  /** Value of a cookie. */
  Optional<String> cookie(String name) {
    for (var part : headers.getOrDefault("cookie", "").split(";", -1)) {
      var pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals(name)) {
        return Optional.of(pair[1]);
      }
    }
    return Optional.empty();
  }

  /** The token that an Authorization header brings. */
  Optional<String> bearer() {
    var header = headers.getOrDefault("authorization", "");
    return header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? Optional.of(header.substring(7).strip())
        : Optional.empty();
  }

  /**
   * Whether a browser says that a page of another site sent it, or does not say that one of ours
   * did. A program that is no browser sends neither header, and no cookie against its will.
   */
  boolean isForeign() {
    var site = headers.get("sec-fetch-site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    var origin = headers.get("origin");
    return origin != null && !origin.equals("https://" + headers.getOrDefault("host", ""));
  }

  private static List<String> segments(String rawPath) throws Malformed {
    var segments = new ArrayList<String>();
    for (var segment : rawPath.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment, false));
      }
    }
    return List.copyOf(segments);
  }

  private static Map<String, String> parameters(@Nullable String raw) throws Malformed {
    var parameters = new HashMap<String, String>();
    if (raw == null || raw.isEmpty()) {
      return parameters;
    }
    var pairs = raw.split("&", -1);
    if (pairs.length > MOST_PARAMETERS) {
      throw new Malformed("too many parameters");
    }
    for (var pair : pairs) {
      var parts = pair.split("=", 2);
      parameters.putIfAbsent(
          decode(parts[0], true), parts.length == 2 ? decode(parts[1], true) : "");
    }
    return parameters;
  }

  private static String decode(String raw, boolean isPlusSpace) throws Malformed {
    var bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(hex(raw, i + 1) << 4 | hex(raw, i + 2));
        i += 2;
      } else if (c == '+' && isPlusSpace) {
        bytes.write(' ');
      } else if (c < 0x80) {
        bytes.write(c);
      } else {
        throw new Malformed("not an ASCII character");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      throw new Malformed("not UTF-8");
    }
  }

  private static int hex(String raw, int at) throws Malformed {
    int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    if (digit < 0) {
      throw new Malformed("not percent-encoded");
    }
    return digit;
  }
}
