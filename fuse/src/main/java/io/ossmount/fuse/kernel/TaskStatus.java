package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel says of a thread in {@code proc_pid_status(5)}. To ask waits for nothing but the
 * processor, whatever the thread waits for; unlike {@link TaskStat}.
 */
record TaskStatus(String text) {
  private static final Pattern PENDING =
      Pattern.compile("^(?:SigPnd|ShdPnd):\\s*([0-9a-f]{1,16})$", Pattern.MULTILINE);
  private static final Pattern PROCESS =
      Pattern.compile("^Tgid:\\s*([0-9]{1,9})$", Pattern.MULTILINE);
  private static final Pattern MEMORY = Pattern.compile("^VmSize:", Pattern.MULTILINE);
  private static final Pattern ONE_NAMESPACE =
      Pattern.compile("^NSpid:\\s*[0-9]+$", Pattern.MULTILINE);

  /** A signal that ends the process becomes SIGKILL (9) for each of its threads. */
  private static final long SIGKILL = 1L << 8;

  /**
   * Asks.
   *
   * @param tid number of the thread as this process sees it, greater than 0
   * @throws java.nio.file.NoSuchFileException there is no such thread
   * @throws IOException also when it ended while it was looked at: ESRCH
   */
  static TaskStatus read(int tid) throws IOException {
    return new TaskStatus(text(Integer.toString(tid)));
  }

  /**
   * Whether /proc is that of this process's own namespace, as the numbers of requests are when it
   * has made the mount: not after {@code unshare --pid} alone.
   */
  static boolean isOfOwnNamespace() {
    try {
      return ONE_NAMESPACE.matcher(text("self")).find();
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(String task) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of("/proc", task, "status"));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A signal ends it as soon as the kernel lets it. */
  boolean isKilled() {
    Matcher pending = PENDING.matcher(text);
    while (pending.find()) {
      if ((Long.parseUnsignedLong(pending.group(1), 16) & SIGKILL) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it may run its program. Who ends gives up the memory before the files; a thread of the
   * kernel has none.
   */
  boolean hasMemory() {
    return MEMORY.matcher(text).find();
  }

  /** Number of its process, which is the number of that one's first thread. */
  OptionalInt process() {
    Matcher process = PROCESS.matcher(text);
    return process.find()
        ? OptionalInt.of(Integer.parseInt(process.group(1)))
        : OptionalInt.empty();
  }
}
