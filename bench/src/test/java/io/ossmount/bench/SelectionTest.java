package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class SelectionTest {
  @Test
  void nothingChosenIsAll() {
    assertThat(new Selection(Set.of()).has("P7-flat")).isTrue();
  }

  @Test
  void anIdIsChosenByItselfOrByTheNumberOfItsGoal() {
    Selection selection = new Selection(Set.of("P7", "P6-16"));
    assertThat(selection.has("P7-flat")).isTrue();
    assertThat(selection.has("P6-16")).isTrue();
    assertThat(selection.has("P6-1")).isFalse();
    assertThat(selection.has("P1")).isFalse();
  }
}
