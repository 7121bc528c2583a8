package io.ossmount.csi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Looks at mounts from another process, which alone hangs when a mount does. */
public final class Shell {
  private static final int SECONDS = 60;

  private Shell() {}

  /** What a command printed, errors included, without the last line break; bounded in time. */
  public static String run(String command) {
    try {
      var process =
          new ProcessBuilder(
                  "timeout", "-s", "KILL", Integer.toString(SECONDS), "sh", "-c", command)
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("it does not end: " + command);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
