package io.ossmount.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How long what was learned of the bucket is believed. Durations are text that {@link
 * Durations#parse} reads. What is null stands elsewhere: {@link #over} fills it in.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetadataCache(
    @JsonPropertyDescription(
            "How long size, times and mode of a file are believed before OSS is asked again,"
                + " such as 60s, which is the default.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @Nullable String attributeTimeout,
    @JsonPropertyDescription(
            "How long the listing of a directory is believed before OSS is asked again, such as"
                + " 60s, which is the default.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @Nullable String listTimeout,
    @JsonPropertyDescription(
            "How long it is believed that a file is not there before OSS is asked again, such as"
                + " 5s, which is the default.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @Nullable String negativeTimeout) {
  /** What holds for an OssMount that does not say otherwise. */
  static final MetadataCache DEFAULTS = new MetadataCache("60s", "60s", "5s");

  /** This, with what it does not say taken from below. */
  public MetadataCache over(MetadataCache below) {
    return new MetadataCache(
        attributeTimeout == null ? below.attributeTimeout : attributeTimeout,
        listTimeout == null ? below.listTimeout : listTimeout,
        negativeTimeout == null ? below.negativeTimeout : negativeTimeout);
  }
}
