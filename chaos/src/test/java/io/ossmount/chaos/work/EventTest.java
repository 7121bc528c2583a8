package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Event.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventTest {
  @Test
  void a_line_says_what_the_event_said() {
    var events =
        List.of(
            new Event.Failed(WorkKind.WALK, 5, 4, Operation.READDIR, "EBADF", "tree: bad"),
            new Event.Wrong(WorkKind.MAPPED, 6, "byte 3"),
            new Event.Gap(WorkKind.SMALL, -7, 8, Operation.OPEN),
            new Event.Change(WorkKind.FSYNC, Step.ACKNOWLEDGED, "w/a b", -9, Event.ABSENT));

    for (var event : events) {
      assertThat(Event.parse(event.line())).contains(event);
    }
  }

  @Test
  void a_line_of_another_kind_is_no_event() {
    assertThat(Event.parse("OpenJDK 64-Bit Server VM warning: something")).isEmpty();
    assertThat(Event.parse("")).isEmpty();
  }

  @Test
  void tabs_and_ends_of_lines_do_not_break_a_line() {
    var event = new Event.Wrong(WorkKind.WALK, 1, "a\tb\nc");

    assertThat(Event.parse(event.line())).contains(new Event.Wrong(WorkKind.WALK, 1, "a b c"));
  }
}
