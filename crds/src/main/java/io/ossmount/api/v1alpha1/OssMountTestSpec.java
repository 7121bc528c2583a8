package io.ossmount.api.v1alpha1;

import static io.ossmount.api.v1alpha1.SortedMaps.sorted;
import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be tested, and how. Durations are text that {@link Durations#parse} reads.
 *
 * @param ttlAfterFinished null: it stays until somebody deletes it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self == oldSelf",
    message = "a test runs once: delete this OssMountTest and make another one")
public record OssMountTestSpec(
    @JsonPropertyDescription("The OssMount to test, of the same namespace.") @Required
        LocalReference ossMountRef,
    @JsonPropertyDescription(
            "Leave nothing in the bucket. Else default_tests_files/BasicFile_READMODE_WRITEMODE"
                + " stay below the OssMount's directory, to be looked at.")
        @Default("false")
        Boolean cleanup,
    @JsonPropertyDescription("Labels of the nodes on which the test may run.") @Default("{}")
        Map<String, String> nodeSelector,
    @JsonPropertyDescription(
            "How long the test may take, waiting for the OssMount to be ready included, such as"
                + " 10m.")
        @Default(OssMountTestSpec.TIMEOUT)
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @ValidationRule(value = Durations.IS_POSITIVE, message = Durations.POSITIVE_MESSAGE)
        String timeout,
    @JsonPropertyDescription(
            "How long after its end the OssMountTest is deleted, with its Job, such as 24h."
                + " Without it, it stays.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        @Nullable String ttlAfterFinished) {
  private static final String TIMEOUT = "10m";

  /** Fills in the defaults of the schema. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public OssMountTestSpec {
    cleanup = requireNonNullElse(cleanup, false);
    nodeSelector = sorted(requireNonNullElseGet(nodeSelector, Map::of));
    timeout = requireNonNullElse(timeout, TIMEOUT);
  }
}
