package io.ossmount.api.v1alpha1;

import static io.ossmount.api.v1alpha1.SortedMaps.sorted;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A label selector with the meaning that Kubernetes gives it: all requirements must hold; an empty
 * one matches all.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NamespaceSelector(
    @JsonPropertyDescription("Labels that the namespace must have, with these values.")
        Map<String, String> matchLabels,
    @JsonPropertyDescription("Requirements on labels of the namespace; all of them must hold.")
        @Size(max = 32)
        List<Requirement> matchExpressions) {

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public NamespaceSelector {
    matchLabels = sorted(requireNonNullElseGet(matchLabels, Map::of));
    matchExpressions = List.copyOf(requireNonNullElseGet(matchExpressions, List::of));
  }

  boolean matches(Map<String, String> labels) {
    return labels.entrySet().containsAll(matchLabels.entrySet())
        && matchExpressions.stream().allMatch(requirement -> requirement.holds(labels));
  }

  /** One requirement on one label. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
      message = "operators In and NotIn need values; Exists and DoesNotExist take none")
  public record Requirement(
      @JsonPropertyDescription("Key of the label.") @Required @Size(min = 1, max = 317) String key,
      @JsonPropertyDescription("How the label is compared with the values.") @Required
          Operator operator,
      @JsonPropertyDescription("Values for the operators In and NotIn.") @Size(max = 64)
          List<String> values) {

    /** Fills in what is absent. */
    @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
    public Requirement {
      values = List.copyOf(requireNonNullElseGet(values, List::of));
    }

    private boolean holds(Map<String, String> labels) {
      @Nullable String value = labels.get(key);
      return switch (operator) {
        case In -> value != null && values.contains(value);
        case NotIn -> value == null || !values.contains(value);
        case Exists -> value != null;
        case DoesNotExist -> value == null;
      };
    }
  }

  /** Operators of a requirement; the constants are the values of the API. */
  public enum Operator {
    /** The label is there with one of the values. */
    In,
    /** The label is not there, or has none of the values. */
    NotIn,
    /** The label is there. */
    Exists,
    /** The label is not there. */
    DoesNotExist
  }
}
