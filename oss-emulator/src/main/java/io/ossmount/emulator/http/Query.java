package io.ossmount.emulator.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The query of a request, decoded.
 *
 * @param parameters in the order of the request
 */
public record Query(List<Parameter> parameters) {
  /** Takes a copy. */
  public Query {
    parameters = List.copyOf(parameters);
  }

  /** A name and its value; empty when there is none. */
  public record Parameter(String name, String value) {}

  /**
   * Decodes.
   *
   * @param raw what stands after "?"
   * @throws MalformedRequestException not percent-encoded UTF-8
   */
  public static Query parse(String raw) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : raw.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      parameters.add(
          new Parameter(
              Percent.decode(name.replace('+', ' ')), Percent.decode(value.replace('+', ' '))));
    }
    return new Query(parameters);
  }

  /** The value of the first parameter of that name. */
  public Optional<String> get(String name) {
    return parameters.stream()
        .filter(each -> each.name().equals(name))
        .map(Parameter::value)
        .findFirst();
  }

  /** Whether there is such a parameter, with or without a value. */
  public boolean has(String name) {
    return get(name).isPresent();
  }
}
