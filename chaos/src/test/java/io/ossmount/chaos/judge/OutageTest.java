package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OutageTest {
  private static final long AWAY = TimeUnit.SECONDS.toNanos(100);
  private static final long LONG = Outage.CACHED.toNanos() + 1;

  @Test
  void a_read_of_what_is_cached_does_not_wait() {
    var events =
        List.of(
            gap(WorkKind.PASSTHROUGH, Operation.READ, AWAY, LONG),
            gap(WorkKind.PASSTHROUGH, Operation.READ, AWAY + LONG, LONG),
            gap(WorkKind.MAPPED, Operation.MAPPED_READ, AWAY + 1, LONG));

    assertThat(Outage.waits(events, AWAY))
        .containsExactly(
            "READ of what is cached waited for more than 2000 ms (passthrough)",
            "MAPPED_READ of what is cached waited for more than 2000 ms (mmap)");
  }

  @Test
  void what_needs_oss_may_wait_and_so_may_all_before() {
    var events =
        List.of(
            gap(WorkKind.PASSTHROUGH, Operation.OPEN, AWAY, LONG),
            gap(WorkKind.RANDOM, Operation.READ, AWAY, LONG),
            gap(WorkKind.MAPPED_COLD, Operation.MAPPED_READ, AWAY, LONG),
            gap(WorkKind.PASSTHROUGH, Operation.READ, AWAY, LONG - 1),
            gap(WorkKind.PASSTHROUGH, Operation.READ, AWAY - LONG, LONG + 1));

    assertThat(Outage.waits(events, AWAY)).isEmpty();
  }

  @Test
  void an_error_is_seen_and_a_pause_is_none() {
    List<Event> pause = List.of(gap(WorkKind.WALK, Operation.READDIR, AWAY, LONG));
    List<Event> error =
        List.of(new Event.Failed(WorkKind.WALK, AWAY, 0, Operation.READDIR, "ETIMEDOUT", "late"));

    assertThat(Outage.isSeen(pause)).isFalse();
    assertThat(Outage.isSeen(error)).isTrue();
  }

  private static Event gap(WorkKind kind, Operation operation, long from, long nanos) {
    return new Event.Gap(kind, from, from + nanos, operation);
  }
}
