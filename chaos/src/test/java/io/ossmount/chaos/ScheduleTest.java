package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.node.NodeFault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static final List<NodeFault> KINDS = List.of(NodeFault.values());

  @Test
  void the_same_seed_gives_the_same_schedule() {
    assertThat(Schedule.of(5, KINDS, 3, true)).isEqualTo(Schedule.of(5, KINDS, 3, true));
    assertThat(Schedule.of(5, KINDS, 3, true)).isNotEqualTo(Schedule.of(6, KINDS, 3, true));
  }

  @Test
  void each_kind_comes_so_often_and_as_often_mixed() {
    var injections = Schedule.of(1, KINDS, 4, true).injections();

    for (var kind : KINDS) {
      assertThat(injections).filteredOn(i -> i.row().equals(kind.title())).hasSize(4);
      assertThat(injections)
          .filteredOn(i -> i.row().equals(Schedule.MIXED) && i.kind() == kind)
          .hasSize(4);
    }
    assertThat(Schedule.of(1, KINDS, 1, false).injections())
        .extracting(injection -> injection.kind().title())
        .isEqualTo(KINDS.stream().map(NodeFault::title).toList());
  }
}
