package io.ossmount.emulator.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** Reads the fields of a JSON object; says which field is wrong. */
final class Fields {
  private final JsonNode json;

  private Fields(JsonNode json) {
    this.json = json;
  }

  /**
   * Of an object with these fields only.
   *
   * @throws IllegalArgumentException no object, or others
   */
  static Fields of(JsonNode json, String... known) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("a JSON object is expected");
    }
    Set<String> names = Set.of(known);
    for (String name : (Iterable<String>) json::fieldNames) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException("unknown field \"" + name + "\"; known are " + names);
      }
    }
    return new Fields(json);
  }

  Optional<JsonNode> get(String name) {
    return Optional.ofNullable(json.get(name)).filter(node -> !node.isNull());
  }

  Optional<String> text(String name) {
    return get(name)
        .map(node -> {
          check(node.isTextual(), name, "a string");
          return node.textValue();
        });
  }

  long number(String name, long otherwise) {
    Optional<JsonNode> node = get(name);
    node.ifPresent(given -> check(given.canConvertToLong(), name, "a whole number"));
    return node.map(JsonNode::longValue).orElse(otherwise);
  }

  double fraction(String name, double otherwise) {
    Optional<JsonNode> node = get(name);
    node.ifPresent(given -> check(given.isNumber(), name, "a number"));
    return node.map(JsonNode::doubleValue).orElse(otherwise);
  }

  boolean truth(String name, boolean otherwise) {
    Optional<JsonNode> node = get(name);
    node.ifPresent(given -> check(given.isBoolean(), name, "true or false"));
    return node.map(JsonNode::booleanValue).orElse(otherwise);
  }

  private static void check(boolean isRight, String name, String expected) {
    if (!isRight) {
      throw new IllegalArgumentException("\"" + name + "\" must be " + expected);
    }
  }
}
