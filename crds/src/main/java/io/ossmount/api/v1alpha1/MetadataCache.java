package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How long what was learned of the bucket is believed. Durations are text that {@link
 * Durations#parse} reads.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MetadataCache(
    @JsonPropertyDescription(
            "How long size, times and mode of a file are believed before OSS is asked again,"
                + " such as 60s.")
        @Default(MetadataCache.ATTRIBUTE_TIMEOUT)
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        String attributeTimeout,
    @JsonPropertyDescription(
            "How long the listing of a directory is believed before OSS is asked again, such as"
                + " 60s.")
        @Default(MetadataCache.LIST_TIMEOUT)
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        String listTimeout,
    @JsonPropertyDescription(
            "How long it is believed that a file is not there before OSS is asked again, such as"
                + " 5s.")
        @Default(MetadataCache.NEGATIVE_TIMEOUT)
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        String negativeTimeout) {
  private static final String ATTRIBUTE_TIMEOUT = "60s";
  private static final String LIST_TIMEOUT = "60s";
  private static final String NEGATIVE_TIMEOUT = "5s";

  /** Fills in the defaults of the schema. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public MetadataCache {
    attributeTimeout = requireNonNullElse(attributeTimeout, ATTRIBUTE_TIMEOUT);
    listTimeout = requireNonNullElse(listTimeout, LIST_TIMEOUT);
    negativeTimeout = requireNonNullElse(negativeTimeout, NEGATIVE_TIMEOUT);
  }

  static MetadataCache defaults() {
    return new MetadataCache(ATTRIBUTE_TIMEOUT, LIST_TIMEOUT, NEGATIVE_TIMEOUT);
  }
}
