package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HealingTest {
  private static final Set<String> SIGNS = Allowed.pause(Allowed.RESTART).signsOfDeath();
  private static final Set<String> ALL = Allowed.dead(Allowed.RESTART).signsOfDeath();

  @Test
  void paths_are_dead_until_the_mount_is_replaced() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READDIR, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 5, Operation.OPEN, "ENOTCONN"),
            failed(WorkKind.RANDOM, 30, 15, Operation.OPEN, "ENOTCONN"));

    assertThat(Healing.relapses(events, SIGNS)).isEmpty();
  }

  @Test
  void a_path_that_was_well_again_is_not_dead_again() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READDIR, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 15, Operation.STAT, "ECONNABORTED"));

    assertThat(Healing.relapses(events, SIGNS))
        .containsExactly("ECONNABORTED from STAT (walk) of a path that was well again");
  }

  @Test
  void what_was_open_may_fail_later_and_for_other_reasons_paths_may_too() {
    var events =
        List.of(
            failed(WorkKind.WALK, 10, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.WALK, 20, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.WALK, 30, 25, Operation.CREATE, "ENOSPC"));

    assertThat(Healing.relapses(events, SIGNS)).isEmpty();
  }

  @Test
  void what_was_opened_since_is_not_dead() {
    var events =
        List.of(
            failed(WorkKind.RANDOM, 10, 5, Operation.READ, "ENOTCONN"),
            failed(WorkKind.RANDOM, 20, 15, Operation.READ, "ENOTCONN"));

    assertThat(Healing.relapses(events, SIGNS))
        .containsExactly("ENOTCONN from READ (random) of a file that was opened when it was");
  }

  @Test
  void where_a_mount_dies_eio_from_the_next_one_is_a_relapse_too() {
    var events =
        List.of(
            failed(WorkKind.RENAME, 10, 5, Operation.RENAME, "ENOTCONN"),
            failed(WorkKind.RENAME, 20, 15, Operation.CREATE, "EIO"));

    assertThat(Healing.relapses(events, SIGNS)).isEmpty();
    assertThat(Healing.relapses(events, ALL))
        .containsExactly("EIO from CREATE (rename) of a path that was well again");
  }

  private static Event failed(
      WorkKind kind, long at, long well, Operation operation, String errno) {
    return new Event.Failed(kind, at, well, operation, errno, "");
  }
}
