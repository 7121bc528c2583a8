package io.ossmount.emulator.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Header fields of a request. Names are lower case; values are the bytes of the wire as ISO-8859-1,
 * so that nothing is lost. Not changed once the request is handed on.
 */
public final class HttpHeaders {
  private final Map<String, List<String>> fields = new LinkedHashMap<>();

  /** Fields given as name and value; for tests and tools. */
  public static HttpHeaders of(Map<String, String> fields) {
    HttpHeaders headers = new HttpHeaders();
    fields.forEach(headers::add);
    return headers;
  }

  /** These, and one more field for each of those. */
  public HttpHeaders with(Map<String, String> more) {
    HttpHeaders headers = new HttpHeaders();
    fields.forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
    more.forEach(headers::add);
    return headers;
  }

  void add(String name, String value) {
    fields.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(value);
  }

  /** The value; several fields of one name are joined by commas. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)))
        .map(values -> String.join(",", values));
  }

  /** Whether the field's value is this one, in any case. */
  public boolean is(String name, String value) {
    return get(name).filter(value::equalsIgnoreCase).isPresent();
  }

  /** All names, lower case, in the order of the request. */
  public Set<String> names() {
    return fields.keySet();
  }
}
