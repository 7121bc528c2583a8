package io.ossmount.operator.dashboard.server;

import io.ossmount.operator.dashboard.page.Markup;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * An answer; immutable.
 *
 * @param headers besides those of every answer
 */
@SuppressWarnings("ArrayRecordComponent") // Sent, and never compared.
record Response(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final int OK = 200;
  static final int SEE_OTHER = 303;
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TOO_MANY = 429;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  private static final String HTML = "text/html; charset=utf-8";

  static Response html(int status, Markup page) {
    return new Response(status, HTML, page.html().getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Response seeOther(String link) {
    return new Response(SEE_OTHER, HTML, new byte[0], Map.of("Location", link));
  }

  /** The same with one more header. */
  Response with(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new Response(status, contentType, body, Map.copyOf(more));
  }
}
