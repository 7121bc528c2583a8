package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of a thread that waits in the kernel: {@code proc_pid_status(5)} and {@code
 * proc_pid_stat(5)}. To ask waits for nothing but the processor.
 */
public enum TaskFate {
  /** Goes on, as far as one can see. */
  LIVES,
  /** A signal ends it as soon as the kernel lets it, or is just ending it. */
  DIES,
  /** There is no such thread. */
  GONE;

  private static final Path PROC = Path.of("/proc");
  private static final Pattern PENDING =
      Pattern.compile("^(?:SigPnd|ShdPnd):\\s*([0-9a-f]{1,16})$", Pattern.MULTILINE);

  /** A signal that ends the process becomes SIGKILL (9) for each of its threads. */
  private static final long SIGKILL = 1L << 8;

  /** Of {@code stat}, counted from the state, which is behind the name. */
  private static final int FLAGS = 6;

  private static final int EXIT_CODE = 49;
  private static final long PF_EXITING = 4;
  private static final int SIGNAL = 0x7f;

  /**
   * Asks.
   *
   * @param tid number of the thread as this process sees it, greater than 0
   */
  public static TaskFate of(int tid) {
    Path task = PROC.resolve(Integer.toString(tid));
    try {
      return of(read(task.resolve("status")), read(task.resolve("stat")));
    } catch (NoSuchFileException e) {
      return GONE;
    } catch (IOException e) {
      // ESRCH: it ended while it was looked at. The next look says so.
      return LIVES;
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * Judges by what the kernel says.
   *
   * @param status the text of {@code status}
   * @param stat the text of {@code stat}
   */
  static TaskFate of(String status, String stat) {
    Matcher pending = PENDING.matcher(status);
    while (pending.find()) {
      if ((Long.parseUnsignedLong(pending.group(1), 16) & SIGKILL) != 0) {
        return DIES;
      }
    }
    return isEnding(stat) ? DIES : LIVES;
  }

  /** A process that ends has no signal pending any more, and closes its files. */
  private static boolean isEnding(String stat) {
    // The name is in parentheses and may have any characters.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return number(fields, FLAGS).filter(flags -> (flags & PF_EXITING) != 0).isPresent()
        && number(fields, EXIT_CODE).filter(code -> (code & SIGNAL) != 0).isPresent();
  }

  private static Optional<Long> number(String[] fields, int index) {
    return index < fields.length && fields[index].matches("-?[0-9]{1,18}")
        ? Optional.of(Long.parseLong(fields[index]))
        : Optional.empty();
  }
}
