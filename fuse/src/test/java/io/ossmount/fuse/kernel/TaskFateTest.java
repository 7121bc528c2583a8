package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class TaskFateTest {
  private static final String NOTHING = "0000000000000000";

  private static String status(String ofThread, String ofProcess) {
    return "Name:\tSigPnd: x\nState:\tD (disk sleep)\nSigPnd:\t%s\nShdPnd:\t%s\nSigBlk:\t%s\n"
        .formatted(ofThread, ofProcess, "ffffffffffffffff");
  }

  private static String stat(String name, long flags, int exitCode) {
    List<String> fields = new ArrayList<>(Collections.nCopies(50, "0"));
    fields.set(0, "D");
    fields.set(6, Long.toString(flags));
    fields.set(49, Integer.toString(exitCode));
    return "42 (" + name + ") " + String.join(" ", fields) + "\n";
  }

  private static TaskFate fate(String status, String stat) {
    return new TaskStatus(status).isKilled() || new TaskStat(stat).isEndedBySignal()
        ? TaskFate.DIES
        : TaskFate.LIVES;
  }

  @Property
  void only_sigkill_says_that_a_thread_dies(@ForAll @IntRange(min = 1, max = 64) int signal) {
    String pending = "%016x".formatted(1L << (signal - 1));
    TaskFate expected = signal == 9 ? TaskFate.DIES : TaskFate.LIVES;

    assertThat(fate(status(pending, NOTHING), stat("sh", 0, 0))).isEqualTo(expected);
    assertThat(fate(status(NOTHING, pending), stat("sh", 0, 0))).isEqualTo(expected);
  }

  @Test
  void a_process_that_a_signal_is_ending_dies_and_one_that_ends_by_itself_is_let_finish() {
    String none = status(NOTHING, NOTHING);
    assertThat(fate(none, stat("sh", 0x4, 9))).isEqualTo(TaskFate.DIES);
    assertThat(fate(none, stat("sh", 0x4, 15))).isEqualTo(TaskFate.DIES);
    assertThat(fate(none, stat("sh", 0x4, 256))).isEqualTo(TaskFate.LIVES);
    assertThat(fate(none, stat("sh", 0x400000, 9))).isEqualTo(TaskFate.LIVES);
  }

  @Test
  void a_name_is_no_field() {
    assertThat(fate(status(NOTHING, NOTHING), stat(") D 0 0 0 0 0 4 (", 0, 0)))
        .isEqualTo(TaskFate.LIVES);
  }

  @Test
  void what_cannot_be_read_says_nothing() {
    assertThat(fate("", "")).isEqualTo(TaskFate.LIVES);
    assertThat(fate("SigPnd:\tnonsense\n", "1 (x) D 1")).isEqualTo(TaskFate.LIVES);
  }

  @Test
  void this_thread_lives_and_a_number_that_no_thread_has_is_gone() {
    assertThat(TaskFate.of((int) ProcessHandle.current().pid())).isEqualTo(TaskFate.LIVES);
    assertThat(TaskFate.of(Integer.MAX_VALUE)).isEqualTo(TaskFate.GONE);
  }
}
