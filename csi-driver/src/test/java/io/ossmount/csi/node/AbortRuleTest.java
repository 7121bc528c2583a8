package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.node.AbortRule.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class AbortRuleTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(11);

  @Property
  void after_the_timeout_it_is_over_whoever_uses_it_and_before_it_nobody_has_to_know(
      @ForAll @IntRange(max = 600) int waited,
      @ForAll @IntRange(min = 1, max = 600) int timeout,
      @ForAll Set<String> users) {
    var verdict =
        AbortRule.judge(
            Duration.ofSeconds(waited), Duration.ofSeconds(timeout), users, Optional.empty());

    assertThat(verdict).isEqualTo(waited >= timeout ? Verdict.TIMED_OUT : Verdict.WAIT);
  }

  @Property
  void before_the_timeout_one_user_who_stays_is_enough_to_wait(
      @ForAll Set<String> users, @ForAll Set<String> ending) {
    var verdict = AbortRule.judge(SOON, TIMEOUT, users, Optional.of(ending));

    boolean allEnd = !users.isEmpty() && users.stream().allMatch(ending::contains);
    assertThat(verdict).isEqualTo(allEnd ? Verdict.UNWANTED : Verdict.WAIT);
  }

  @Test
  void a_server_that_was_killed_has_the_time_to_come_back() {
    var users = Set.of("a");

    assertThat(AbortRule.judge(Duration.ofSeconds(9), TIMEOUT, users, Optional.of(users)))
        .isEqualTo(Verdict.WAIT);
    assertThat(AbortRule.judge(AbortRule.LEAST, TIMEOUT, users, Optional.of(users)))
        .isEqualTo(Verdict.UNWANTED);
  }
}
