package io.ossmount.cache;

import io.ossmount.cache.supervise.Pulse;
import io.ossmount.cache.supervise.Supervised;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * What a cache pod runs. Who it is comes from the environment, {@link ServeEnvironment}; what it
 * serves from {@code mount.json}. It has no options: applications wait for its start, and to parse
 * them would be a tenth of that.
 */
@Command(
    name = "serve",
    description = "Serves the sessions that the node plugin hands over, in a cache pod.",
    footer = {
      "",
      "The environment tells it where (what it is otherwise in brackets):",
      "  OSSMOUNT_CONFIGURATION        directory with mount.json, ca.crt, tls.crt and tls.key (/etc/ossmount)",
      "  OSSMOUNT_NODE_DIRECTORY       directory with the plugin's socket and the cache (/var/lib/ossmount)",
      "  OSSMOUNT_CONTROL_PORT         where the operator asks (9443)",
      "  OSSMOUNT_HEALTH_PORT          where kubelet and Prometheus ask (9402)",
      "  OSSMOUNT_SESSION_PATIENCE     how long written files wait for their session (PT10M)",
      "  OSSMOUNT_UNWANTED_FUSE_FLAGS  for tests: FUSE INIT flags not to be asked for, flags2 << 32 | flags (0)",
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  /**
   * A pod that is deleted is followed by another one at once, whose container and JVM take some
   * seconds: applications need not wait for these. A container that kubelet starts again in place
   * is followed by nobody until it has ended, so this is not long.
   */
  private static final Duration NEXT = Duration.ofSeconds(8);

  /**
   * The plugin lets sessions go at once. With the above, less than terminationGracePeriodSeconds of
   * cache pods, which is 60: what was written has to be uploaded besides.
   */
  private static final Duration GRACE = Duration.ofSeconds(32);

  @Override
  public Integer call() throws Exception {
    Pulse pulse = Supervised.ofThisProcess().begin();
    CountDownLatch forever = new CountDownLatch(1);
    CachePod pod = CachePod.prepare(new ServeEnvironment(System.getenv()).surroundings());
    pulse.watch("readers of requests", pod::isReading);
    serve(pod);
    forever.await();
    return 0;
  }

  /** SIGTERM is heard of before the first session comes: to that it must not be what SIGKILL is. */
  private static void serve(CachePod pod) throws Exception {
    Thread ending = Thread.ofPlatform().unstarted(() -> end(pod));
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      pod.serve();
    } catch (Exception e) {
      // Else it would end as one that was asked to.
      boolean _ = Runtime.getRuntime().removeShutdownHook(ending);
      throw e;
    }
  }

  /** SIGTERM: what is mounted is served until the plugin gives it to the next process. */
  private static void end(CachePod pod) {
    log.info("asked to end");
    try {
      pod.leave(NEXT, GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pod.close();
    log.info("ended");
    // Not the 143 of SIGTERM: it was meant to end, and has done all that it had to.
    Runtime.getRuntime().halt(0);
  }
}
