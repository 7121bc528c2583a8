package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SeenTaskTest {
  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final String NOTHING = "0000000000000000";
  private static final SeenTask SEEN = new SeenTask(42, 1_000);

  /** A thread of process 40 that lives, with one line more. */
  private static TaskStatus status(String line) {
    return new TaskStatus(
        "Name:\tTgid: 7\nTgid:\t40\nVmSize:\t 100 kB\nSigPnd:\t%s\nShdPnd:\t%s\n%s\n"
            .formatted(NOTHING, NOTHING, line));
  }

  private static boolean livesOutside(int process, TaskStatus now) {
    return SEEN.livesOutside(process, now, OptionalLong.of(900));
  }

  @Test
  void a_thread_of_another_process_lives_apart_and_one_of_the_same_does_not() {
    assertThat(livesOutside(41, status(""))).isTrue();
    assertThat(livesOutside(40, status(""))).isFalse();
  }

  @Property
  void one_that_began_after_it_was_seen_is_another_with_its_number(
      @ForAll @IntRange(min = 0, max = 2_000) int start) {
    assertThat(SEEN.livesOutside(41, status(""), OptionalLong.of(start)))
        .isEqualTo(start <= SEEN.tick());
  }

  @Test
  void one_of_which_it_is_not_known_when_it_began_is_in_doubt() {
    assertThat(SEEN.livesOutside(41, status(""), OptionalLong.empty())).isFalse();
    assertThat(new TaskStat("").start()).isEmpty();
    assertThat(new TaskStat("1 (x) S 1").start()).isEmpty();
  }

  @Test
  void one_that_is_killed_is_in_doubt() {
    assertThat(livesOutside(41, status("SigPnd:\t0000000000000100"))).isFalse();
    assertThat(livesOutside(41, status("ShdPnd:\t0000000000000100"))).isFalse();
  }

  /** It ends or is dead, or is of the kernel, and closes nothing. */
  @Test
  void one_without_memory_is_in_doubt() {
    assertThat(livesOutside(41, new TaskStatus("Tgid:\t40\nSigPnd:\t" + NOTHING + "\n"))).isFalse();
  }

  @Test
  void one_whose_process_is_not_said_is_in_doubt() {
    assertThat(livesOutside(41, new TaskStatus("VmSize:\t 100 kB\n"))).isFalse();
  }

  @Test
  void what_this_kernel_says_is_understood() throws Exception {
    Process child = new ProcessBuilder("cat").start();
    int pid = (int) child.pid();
    SeenTask seen = SeenTask.now(pid);
    try {
      assertThat(SeenTask.allLiveApartFrom(SELF, List.of(seen))).isTrue();
      assertThat(SeenTask.allLiveApartFrom(SELF, List.of(seen, seen))).isTrue();
      assertThat(SeenTask.allLiveApartFrom(pid, List.of(seen))).isFalse();
      assertThat(SeenTask.allLiveApartFrom(SELF, List.of(seen, SeenTask.now(SELF)))).isFalse();
      assertThat(SeenTask.allLiveApartFrom(SELF, List.of(new SeenTask(pid, 0)))).isFalse();
      assertThat(SeenTask.allLiveApartFrom(Integer.MAX_VALUE, List.of(seen))).isFalse();
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(SeenTask.allLiveApartFrom(pid, List.of(SeenTask.now(SELF)))).isFalse();
    assertThat(SeenTask.allLiveApartFrom(SELF, List.of(seen))).isFalse();
  }

  @Test
  void threads_of_one_process_are_not_apart() throws Exception {
    try (var threads = Files.list(Path.of("/proc/self/task"))) {
      int other =
          threads
              .map(path -> Integer.parseInt(path.getFileName().toString()))
              .filter(tid -> tid != SELF)
              .findFirst()
              .orElseThrow();
      assertThat(SeenTask.allLiveApartFrom(SELF, List.of(SeenTask.now(other)))).isFalse();
    }
  }
}
