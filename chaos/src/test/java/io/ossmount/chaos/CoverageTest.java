package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.work.Operation;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CoverageTest {
  private static final String ROW = "kill-server";
  private static final List<String> ALL =
      Arrays.stream(Operation.values()).map(Operation::name).toList();

  private final Coverage coverage = new Coverage();

  @Test
  void what_was_seen_least_is_wanted_next() {
    for (var operation : Operation.values()) {
      if (operation != Operation.WRITE) {
        take(List.of(operation), Optional.empty());
      }
    }

    assertThat(coverage.rarest(ROW)).isEqualTo(Operation.WRITE);
    take(List.of(Operation.WRITE), Optional.of(Operation.WRITE));
    assertThat(coverage.rarest("another")).isNotEqualTo(Operation.WRITE);
  }

  @Test
  void what_does_not_come_does_not_keep_the_others_from_their_turn() {
    Set<Operation> wanted = new HashSet<>();
    for (var _ : Operation.values()) {
      var rarest = coverage.rarest(ROW);
      wanted.add(rarest);
      take(List.of(), Optional.of(rarest));
    }

    assertThat(wanted).containsExactlyInAnyOrder(Operation.values());
  }

  @Test
  void a_hundred_faults_have_to_have_hit_each_operation_ten_times() {
    var well = findings(Coverage.LEAST, ALL);
    var without = findings(Coverage.LEAST - 1, List.of("RMDIR"));
    without = concat(without, findings(Coverage.LEAST, minus("RMDIR")));

    assertThat(Coverage.missing(Map.of(ROW, fill(well)))).isEmpty();
    assertThat(Coverage.missing(Map.of("stop-server", fill(without))))
        .containsExactly("stop-server: RMDIR was under way 9 times only");
  }

  @Test
  void fewer_faults_and_other_faults_need_not() {
    var most = Collections.nCopies(Coverage.ENOUGH_FAULTS - 1, finding(List.of()));

    assertThat(Coverage.missing(Map.of(ROW, most))).isEmpty();
    assertThat(Coverage.missing(Map.of("oss-away", fill(List.of())))).isEmpty();
    assertThat(Coverage.missing(Map.of(ROW, fill(List.of())))).hasSize(ALL.size());
  }

  private void take(List<Operation> underWay, Optional<Operation> rare) {
    var moment = new Moment(() -> underWay, rare);
    moment.now();
    coverage.take(ROW, moment);
  }

  private static List<Finding> findings(int count, List<String> underWay) {
    return Collections.nCopies(count, finding(underWay));
  }

  private static List<Finding> fill(List<Finding> some) {
    return concat(some, Collections.nCopies(Coverage.ENOUGH_FAULTS, finding(List.of())));
  }

  private static <T> List<T> concat(List<T> some, List<T> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static List<String> minus(String name) {
    return ALL.stream().filter(each -> !each.equals(name)).toList();
  }

  private static Finding finding(List<String> underWay) {
    return new Finding(
        ROW, 1, underWay, Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of());
  }
}
