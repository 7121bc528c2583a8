package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Deadlines of requests to OSS. Durations are text that {@link Durations#parse} reads. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Timeouts(
    @JsonPropertyDescription(
            "How long making a connection to OSS may take, such as 5s, which is the default.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @ValidationRule(value = Durations.IS_POSITIVE, message = Durations.POSITIVE_MESSAGE)
        String connect,
    @JsonPropertyDescription(
            "How long one operation on OSS may take with all of its retries before the"
                + " application sees an error, such as 2m, which is the default.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @ValidationRule(value = Durations.IS_POSITIVE, message = Durations.POSITIVE_MESSAGE)
        String operation) {
  private static final String CONNECT = "5s";
  private static final String OPERATION = "2m";

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Timeouts {
    connect = requireNonNullElse(connect, CONNECT);
    operation = requireNonNullElse(operation, OPERATION);
  }

  static Timeouts defaults() {
    return new Timeouts(CONNECT, OPERATION);
  }
}
