package io.ossmount.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One observation, in the form that the Kubernetes API conventions give to all conditions. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("What is observed, such as Ready.") @Required String type,
    @JsonPropertyDescription("True, False, or Unknown.") @Required Status status,
    @JsonPropertyDescription("Why, as one word for programs.") @Required String reason,
    @JsonPropertyDescription("Why, for people.") @Required String message,
    @JsonPropertyDescription("Generation of the spec that was observed.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When the status last changed.") @Required String lastTransitionTime) {

  /** Type of the condition that an OssMount is suspended; the operator reads it when it starts. */
  public static final String SUSPENDED = "Suspended";

  /** Values of {@link Condition#status}; the constants are the values of the API. */
  public enum Status {
    /** It is so. */
    True,
    /** It is not so. */
    False,
    /** It cannot be said. */
    Unknown
  }
}
