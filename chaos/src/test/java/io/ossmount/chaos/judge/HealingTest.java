package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealingTest {
  @Test
  void paths_are_dead_until_the_mount_is_replaced() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READDIR, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 5, Operation.OPEN, "ENOTCONN"),
            failed(WorkKind.RANDOM, 30, 15, Operation.OPEN, "ENOTCONN"));

    assertThat(Healing.relapses(events)).isEmpty();
  }

  @Test
  void a_path_that_was_well_again_is_not_dead_again() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READDIR, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 15, Operation.STAT, "ECONNABORTED"));

    assertThat(Healing.relapses(events))
        .containsExactly("ECONNABORTED from STAT (walk) of a path that was well again");
  }

  @Test
  void what_was_open_may_fail_later_and_for_other_reasons_paths_may_too() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.WALK, 30, 25, Operation.CREATE, "ENOSPC"));

    assertThat(Healing.relapses(events)).isEmpty();
  }

  @Test
  void what_was_opened_since_is_not_dead() {
    var events =
        List.of(
            failed(WorkKind.RANDOM, 10, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.RANDOM, 20, 15, Operation.READ, "ENOTCONN"));

    assertThat(Healing.relapses(events))
        .containsExactly("ENOTCONN from READ (random) of a file that was opened when it was");
  }

  private static Event failed(
      WorkKind kind, long at, long well, Operation operation, String errno) {
    return new Event.Failed(kind, at, well, operation, errno, "");
  }
}
