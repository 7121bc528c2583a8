package io.ossmount.operator.defaults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Fields of {@code spec} that OssMounts of this installation have unless they say otherwise, in the
 * spec's own JSON. Three layers make the spec in effect: what the OssMount says, what is here, and
 * what the records of the API fill in. Immutable.
 */
public final class ClusterDefaults {
  /** None: only the API's own hold. */
  public static final ClusterDefaults NONE =
      new ClusterDefaults(JsonNodeFactory.instance.objectNode());

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where objects are: a default of one without the others could name another cloud's region. */
  private static final List<String> PLACE = List.of("endpoint", "region", "addressingStyle");

  /** Objects that make sense only whole, as lists do. */
  private static final Set<String> WHOLE = Set.of("resources", "nodeSelector");

  private final ObjectNode tree;

  private ClusterDefaults(ObjectNode tree) {
    this.tree = tree;
  }

  /**
   * Reads them.
   *
   * @param json an object with fields of spec; blank: none
   * @param problems takes each thing that is wrong; with any, the answer is {@link #NONE}
   */
  public static ClusterDefaults parse(String json, Consumer<String> problems) {
    if (json.isBlank()) {
      return NONE;
    }
    try {
      if (JSON.readTree(json) instanceof ObjectNode given) {
        var tree = over(given, JsonNodeFactory.instance.objectNode());
        var wrong = DefaultsCheck.problems(tree);
        wrong.forEach(problems);
        return wrong.isEmpty() ? new ClusterDefaults(tree) : NONE;
      }
      problems.accept("defaults must be an object with fields of spec");
    } catch (JsonProcessingException e) {
      problems.accept("defaults are no JSON: " + e.getOriginalMessage());
    }
    return NONE;
  }

  /**
   * A spec with these defaults.
   *
   * @param spec as its user wrote it; is not changed
   */
  ObjectNode under(ObjectNode spec) {
    var below = tree.deepCopy();
    if (spec.hasNonNull("endpoint")) {
      below.remove(PLACE);
    }
    return over(spec, below);
  }

  /** Given fields win, those of objects each by itself; null is as if it were absent. */
  private static ObjectNode over(ObjectNode given, ObjectNode below) {
    var merged = below.deepCopy();
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      var name = field.getKey();
      if (field.getValue().isNull()) {
        continue;
      }
      merged.set(
          name,
          field.getValue() instanceof ObjectNode object
                  && merged.get(name) instanceof ObjectNode objectBelow
                  && !WHOLE.contains(name)
              ? over(object, objectBelow)
              : field.getValue());
    }
    return merged;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClusterDefaults defaults && tree.equals(defaults.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return tree.toString();
  }
}
