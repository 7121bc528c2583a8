package io.ossmount.cache;

import io.ossmount.cache.serve.SessionClient.PodName;
import io.ossmount.cache.supervise.Pulse;
import io.ossmount.cache.supervise.Supervised;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a cache pod runs. Who it is comes from the environment, which the operator's {@code
 * render.CachePod} sets; what it serves from {@code mount.json}.
 */
@Command(
    name = "serve",
    description = "Serves the sessions that the node plugin hands over, in a cache pod.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  static final String POD_NAME = "OSSMOUNT_POD_NAME";
  private static final String POD_NAMESPACE = "OSSMOUNT_POD_NAMESPACE";
  private static final String NODE = "OSSMOUNT_NODE";
  private static final String POD_UID = "OSSMOUNT_POD_UID";

  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  /**
   * The plugin lets sessions go at once. Less than terminationGracePeriodSeconds of cache pods,
   * which is 60: what was written has to be uploaded besides.
   */
  private static final Duration GRACE = Duration.ofSeconds(40);

  @Option(
      names = "--configuration",
      description = "directory with mount.json, ca.crt, tls.crt and tls.key (${DEFAULT-VALUE})")
  private Path configuration = Path.of("/etc/ossmount");

  @Option(
      names = "--node-directory",
      description = "directory with the plugin's socket and the cache (${DEFAULT-VALUE})")
  private Path nodeDirectory = Path.of("/var/lib/ossmount");

  @Option(names = "--control-port", description = "where the operator asks (${DEFAULT-VALUE})")
  private int controlPort = 9443;

  @Option(
      names = "--health-port",
      description = "where kubelet and Prometheus ask (${DEFAULT-VALUE})")
  private int healthPort = 9402;

  /**
   * For a plugin that does not say which sessions come; one that nobody serves it gives up before.
   */
  @Option(
      names = "--session-patience",
      description = "how long written files wait for their session (${DEFAULT-VALUE})")
  private Duration sessionPatience = Duration.ofMinutes(10);

  @Override
  public Integer call() throws Exception {
    Pulse pulse = Supervised.ofThisProcess().begin();
    CountDownLatch forever = new CountDownLatch(1);
    CachePod pod =
        CachePod.start(
            new CachePod.Surroundings(
                configuration,
                nodeDirectory,
                environment(NODE),
                new PodName(
                    environment(POD_NAMESPACE), environment(POD_NAME), environment(POD_UID)),
                controlPort,
                healthPort,
                sessionPatience));
    pulse.watch("readers of requests", pod::isReading);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(pod)));
    forever.await();
    return 0;
  }

  /** SIGTERM: what is mounted is served until the plugin gives it to the next process. */
  private static void end(CachePod pod) {
    log.info("asked to end");
    try {
      pod.leave(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pod.close();
    log.info("ended");
    // Not the 143 of SIGTERM: it was meant to end, and has done all that it had to.
    Runtime.getRuntime().halt(0);
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }
}
