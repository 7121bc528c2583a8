package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one nested mount of an OssMount is doing. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NestedMountStatus(
    @JsonPropertyDescription("Where it is shown, as in spec.mounts.") @Required String path,
    @JsonPropertyDescription("Name of the OSS bucket.") @Nullable String bucket,
    @JsonPropertyDescription("Directory of the bucket that is shown; empty: the whole bucket.")
        @Nullable String directory,
    @JsonPropertyDescription("Whether nothing can be written below the path.")
        @Nullable Boolean readOnly,
    @JsonPropertyDescription("How the mount is doing: Ready.") List<Condition> conditions) {

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public NestedMountStatus {
    conditions = List.copyOf(requireNonNullElseGet(conditions, List::of));
  }
}
