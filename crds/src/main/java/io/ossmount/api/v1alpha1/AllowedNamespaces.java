package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which namespaces may use an OssMount from a class that names it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "(has(self.from) && self.from == 'Selector') == has(self.selector)",
    message = "selector belongs to from: Selector; give both, or neither")
public record AllowedNamespaces(
    @JsonPropertyDescription(
            "Same: only the namespace of the OssMount. All: every namespace. Selector: besides"
                + " its own, those whose labels the"
                + " selector matches.")
        @Default("Same")
        From from,
    @JsonPropertyDescription("Labels of the namespaces that are meant, with from: Selector.")
        @Nullable NamespaceSelector selector) {

  /** Which namespaces; the constants are the values of the API. */
  public enum From {
    /** The OssMount's own. */
    Same,
    /** Every one. */
    All,
    /** The OssMount's own and those that the selector matches. */
    Selector
  }

  /** Fills in the defaults of the schema. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public AllowedNamespaces {
    from = requireNonNullElse(from, From.Same);
  }

  static AllowedNamespaces sameOnly() {
    return new AllowedNamespaces(From.Same, null);
  }

  /**
   * Whether a claim may use an OssMount.
   *
   * @param own namespace of the OssMount
   * @param asking namespace of the claim
   * @param askingLabels labels of the claim's namespace
   */
  public boolean permit(String own, String asking, Map<String, String> askingLabels) {
    return own.equals(asking)
        || switch (from) {
          case Same -> false;
          case All -> true;
          case Selector -> selector != null && selector.matches(askingLabels);
        };
  }
}
