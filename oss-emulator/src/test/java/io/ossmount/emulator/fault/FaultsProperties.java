package io.ossmount.emulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FaultsProperties {
  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab").ofMaxLength(8);
  }

  @Property
  void patternsMatchLikeTheirRegularExpression(
      @ForAll("patterns") String pattern, @ForAll("texts") String text) {
    String expression = pattern.replace("*", ".*").replace("?", ".");
    assertThat(KeyPattern.matches(pattern, text)).isEqualTo(Pattern.matches(expression, text));
  }

  private static List<Integer> struck(Faults faults, int requests) {
    List<Integer> struck = new ArrayList<>();
    for (int i = 1; i <= requests; i++) {
      if (!faults.strike(Operation.GET_OBJECT, "GET", "b", "a/1").isEmpty()) {
        struck.add(i);
      }
    }
    return struck;
  }

  @Example
  void aRuleStrikesFromTheNthMatchSoManyTimes() {
    Faults faults = new Faults();
    int id =
        faults.add(
            Fault.on(Operation.GET_OBJECT).key("a/*").from(3).times(2).gives(Effect.slowDown()));
    assertThat(faults.strike(Operation.HEAD_OBJECT, "HEAD", "b", "a/1")).isEmpty();
    assertThat(faults.strike(Operation.GET_OBJECT, "GET", "b", "b/1")).isEmpty();
    assertThat(struck(faults, 8)).containsExactly(3, 4);
    assertThat(faults.hits(id)).isEqualTo(2);
    assertThat(faults.remove(id)).isTrue();
    assertThat(faults.remove(id)).isFalse();
  }

  @Example
  void aProbabilityIsKeptRoughly() {
    Faults faults = new Faults();
    faults.add(Fault.onAny().method("GET").bucket("b").probability(0.5).gives(Effect.slowDown()));
    assertThat(struck(faults, 2000)).hasSizeBetween(800, 1200);
  }

  @Example
  void rulesHaveTheirRanges() {
    assertThatThrownBy(() -> Fault.onAny().from(0).gives(Effect.slowDown()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fault.onAny().probability(0).gives(Effect.slowDown()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
