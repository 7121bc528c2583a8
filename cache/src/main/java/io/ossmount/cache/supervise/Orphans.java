package io.ossmount.cache.supervise;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Processes that others left behind: they become children of PID 1, and when they have ended, the
 * kernel keeps their ids until PID 1 takes note. Who debugs a pod in its process namespace leaves
 * some. A JVM takes note of those only that it has started.
 *
 * <p>The kernel gives them to the first thread of PID 1, which in a JVM starts no process, so its
 * children are these alone (proc(5), {@code /proc/PID/task/TID/children}). The JDK can take note of
 * any child, but has no public method for it: it has to be started with {@link #OPENED}, else
 * nothing is done here. Not thread-safe.
 */
final class Orphans {
  /** Option of the JVM that lets this class do its work. */
  static final String OPENED = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  private static final int MOST_BYTES = 4096;

  private final String children;
  private @Nullable Method waitForExit;
  private boolean isDone;

  Orphans() {
    String pid = Long.toString(ProcessHandle.current().pid());
    children = "/proc/self/task/".concat(pid).concat("/children");
  }

  /**
   * Takes note of those that have ended.
   *
   * @return how many
   */
  int reap() {
    int count = 0;
    String pids = isDone ? "" : read(children);
    // Almost always there are none.
    if (!pids.isEmpty()) {
      for (String pid : pids.split(" ", -1)) {
        if (!pid.isEmpty() && hasEnded(pid) && reap(Long.parseLong(pid))) {
          count++;
        }
      }
    }
    return count;
  }

  /** Its state follows its name, which is in parentheses and may have any in it. */
  private static boolean hasEnded(String pid) {
    String status = read("/proc/".concat(pid).concat("/stat"));
    return status.startsWith("Z", status.lastIndexOf(')') + 2);
  }

  private boolean reap(long pid) {
    try {
      Method method = waitForExit;
      if (method == null) {
        method =
            Class.forName("java.lang.ProcessHandleImpl")
                .getDeclaredMethod("waitForProcessExit0", long.class, boolean.class);
        method.setAccessible(true);
        waitForExit = method;
      }
      // It has ended, so this does not wait.
      method.invoke(null, pid, true);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      isDone = true;
      return false;
    }
  }

  /** Empty: it is not there, or the kernel was built without. */
  private static String read(String file) {
    try (FileInputStream in = new FileInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
