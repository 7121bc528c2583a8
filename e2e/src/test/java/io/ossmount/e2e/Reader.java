package io.ossmount.e2e;

import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens and reads a file of a pod again and again, and looks at the clock. An open always asks the
 * cache pod, so that a pause is a pause of the mount.
 */
final class Reader {
  private static final long STOPS_WITHIN_SECONDS = 60;

  /** Longer than all that a test does meanwhile. */
  private static final Duration READS_AT_MOST = Duration.ofMinutes(8);

  private final Workspace space;
  private final String pod;
  private final CompletableFuture<String> output;

  /**
   * What came of it.
   *
   * @param reads how many there were
   * @param wrong how many of them failed or gave something else
   * @param longest the longest time from one to the next
   */
  record Result(int reads, int wrong, Duration longest) {}

  /** Begins in a pod, with a file of the mount that has this content. */
  Reader(Workspace space, String pod, String file, String content) {
    this.space = space;
    this.pod = pod;
    output =
        CompletableFuture.supplyAsync(
            () -> space.shell(pod, script(file, content), READS_AT_MOST).orFail(),
            task -> Thread.ofVirtual().start(task));
  }

  /** Ends, and tells. */
  Result stop() throws InterruptedException, ExecutionException, TimeoutException {
    space.shell(pod, "touch /dev/shm/stop").orFail();
    String[] words =
        output
            .get(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)
            .lines()
            .filter(line -> line.startsWith("RESULT "))
            .findFirst()
            .orElseThrow()
            .split(" ", -1);
    return new Result(
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Duration.ofMillis(10 * Long.parseLong(words[3])));
  }

  /** Times are in hundredths of a second. */
  private static String script(String file, String content) {
    return """
    now() { read up rest < /proc/uptime; echo "${up%%.*}${up#*.}"; }
    reads=0 wrong=0 longest=0 last=$(now)
    until [ -e /dev/shm/stop ]; do
      [ "$(cat /data/%s)" = "%s" ] || wrong=$((wrong + 1))
      t=$(now)
      [ $((t - last)) -le $longest ] || longest=$((t - last))
      last=$t reads=$((reads + 1))
      sleep 0.02
    done
    rm /dev/shm/stop
    echo "RESULT $reads $wrong $longest"
    """
        .formatted(file, content);
  }
}
