package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.5Z");
  private static final String BEFORE = "2026-11-22T11:00:00Z";

  @Test
  void whatIsStillSoKeepsItsTime() {
    // given
    var before =
        List.of(new Condition("Ready", Condition.Status.False, "SecretMissing", "m", 1L, BEFORE));

    // when
    var merged = Conditions.merge(before, List.of(Finding.no("Ready", "ClockSkew", "n")), 2, NOW);

    // then
    assertThat(merged)
        .containsExactly(
            new Condition("Ready", Condition.Status.False, "ClockSkew", "n", 2L, BEFORE));
  }

  @Test
  void whatHasChangedHasTheTimeInWholeSeconds() {
    // given
    var before =
        List.of(new Condition("Ready", Condition.Status.False, "SecretMissing", "m", 1L, BEFORE));

    // when
    var merged = Conditions.merge(before, List.of(Finding.yes("Ready", "Serving", "n")), 2, NOW);

    // then
    assertThat(merged)
        .containsExactly(
            new Condition(
                "Ready", Condition.Status.True, "Serving", "n", 2L, "2026-11-22T12:00:00Z"));
  }
}
