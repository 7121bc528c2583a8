package io.ossmount.emulator.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer. Content-Length, Date and Connection are added on the way out.
 *
 * @param status HTTP status
 * @param headers name to value (ISO-8859-1), sent in this order
 * @param body what follows; for an answer to HEAD only its length counts
 */
public record HttpResponse(int status, Map<String, String> headers, ResponseBody body) {
  /** Takes a copy of the headers. */
  public HttpResponse {
    headers = new LinkedHashMap<>(headers);
  }

  /** The same with one more header, or another value for it. */
  public HttpResponse with(String name, String value) {
    HttpResponse changed = new HttpResponse(status, headers, body);
    changed.headers.put(name, value);
    return changed;
  }

  /** The same with another body. */
  public HttpResponse with(ResponseBody other) {
    return new HttpResponse(status, headers, other);
  }
}
