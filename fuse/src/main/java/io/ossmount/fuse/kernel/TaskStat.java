package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What the kernel says of a thread in {@code proc_pid_stat(5)}.
 *
 * <p>To ask may wait as long as the thread is in exec(2), which closes files: for the answer to its
 * own FLUSH, without an end. Who answers such requests asks only of threads that cannot be there,
 * or has another thread ask.
 */
record TaskStat(String text) {
  /** Counted from the state, which is behind the name. */
  private static final int FLAGS = 6;

  private static final int START = 19;
  private static final int EXIT_CODE = 49;
  private static final long PF_EXITING = 4;
  private static final int SIGNAL = 0x7f;

  /** Asks, as {@link TaskStatus#read} does, but may wait. */
  static TaskStat read(int tid) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of("/proc", Integer.toString(tid), "stat"));
    return new TaskStat(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** It ends because of a signal; nothing is pending any more then. */
  boolean isEndedBySignal() {
    return hasBits(FLAGS, PF_EXITING) && hasBits(EXIT_CODE, SIGNAL);
  }

  private boolean hasBits(int index, long bits) {
    OptionalLong number = number(index);
    return number.isPresent() && (number.getAsLong() & bits) != 0;
  }

  /** When it began, in ticks of {@link BootClock}. */
  OptionalLong start() {
    return number(START);
  }

  private OptionalLong number(int index) {
    // The name is in parentheses and may have any characters.
    String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
    return index < fields.length && fields[index].matches("-?[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(fields[index]))
        : OptionalLong.empty();
  }
}
