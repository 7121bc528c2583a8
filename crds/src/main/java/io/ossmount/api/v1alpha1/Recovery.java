package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * What becomes of volumes in use that no cache pod serves. Durations are text that {@link
 * Durations#parse} reads.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Recovery(
    @JsonPropertyDescription(
            "How long applications wait for a cache pod when that of their node is gone, such as"
                + " 5m. Then they get an error, and the volume is made anew when a cache pod is"
                + " there. Default: 5m.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @ValidationRule(value = Durations.IS_POSITIVE, message = Durations.POSITIVE_MESSAGE)
        String timeout) {
  private static final String TIMEOUT = "5m";

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Recovery {
    timeout = requireNonNullElse(timeout, TIMEOUT);
  }

  /** What holds for an OssMount that does not say otherwise. */
  public static Recovery defaults() {
    return new Recovery(TIMEOUT);
  }
}
