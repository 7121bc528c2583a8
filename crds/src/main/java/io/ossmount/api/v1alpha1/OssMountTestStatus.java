package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a test is doing. The operator reads back what its pod's log may no longer tell: the rows. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OssMountTestStatus(
    @JsonPropertyDescription("Generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Complete: the test has ended. Passed: no test failed; Unknown until that is known.")
        List<Condition> conditions,
    @JsonPropertyDescription("When the test's Job was made.") @Nullable String startedAt,
    @JsonPropertyDescription("When the test ended.") @Nullable String finishedAt,
    @JsonPropertyDescription("How long it took from its creation to its end, such as 42s.")
        @Nullable String duration,
    @JsonPropertyDescription(
            "Tests that passed, of those that are not skipped, such as 57/58; as it goes on.")
        @Nullable String passed,
    @JsonPropertyDescription("The tests that have ended, in their order.")
        @Size(max = OssMountTestStatus.MAX_TESTS)
        List<Test> tests) {
  /** Most rows. */
  public static final int MAX_TESTS = 100;

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public OssMountTestStatus {
    conditions = List.copyOf(requireNonNullElseGet(conditions, List::of));
    tests = List.copyOf(requireNonNullElseGet(tests, List::of));
  }

  /** One test. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Test(
      @JsonPropertyDescription("Name of the test, such as Cache_Through/Append.") @Required
          String name,
      @JsonPropertyDescription("Passed, Failed, or Skipped: then the message says why.") @Required
          Result result,
      @JsonPropertyDescription("How long it took, in milliseconds.") @Nullable Long durationMillis,
      @JsonPropertyDescription("Why it failed or was skipped, or what it found.")
          @Size(max = Test.MAX_MESSAGE)
          @Nullable String message) {
    /** Most characters of a message. */
    public static final int MAX_MESSAGE = 512;
  }

  /** How a test ended; the constants are the values of the API. */
  public enum Result {
    /** All was as it should be. */
    Passed,
    /** Something was not. */
    Failed,
    /** It was not tried. */
    Skipped
  }
}
