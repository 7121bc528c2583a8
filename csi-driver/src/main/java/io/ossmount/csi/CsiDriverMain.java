package io.ossmount.csi;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CSI driver: {@code controller} (one in the cluster, beside csi-provisioner and csi-attacher)
 * or {@code node} (one on each node). Configured by environment variables: {@link
 * ControllerConfig}, {@link NodeConfig}.
 */
public final class CsiDriverMain {
  private static final Logger LOG = LoggerFactory.getLogger(CsiDriverMain.class);
  private static final int CANNOT_START = 1;
  private static final int USAGE = 64;

  private CsiDriverMain() {}

  /** Runs until it is told to end. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1 || !(args[0].equals("controller") || args[0].equals("node"))) {
      System.err.println("usage: csi-driver controller|node");
      System.exit(USAGE);
    }
    try {
      var plugin = start(args[0]);
      var stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    close(plugin);
                    stopped.countDown();
                  }));
      LOG.info("{} plugin {} serves", args[0], BuildVersion.current());
      stopped.await();
    } catch (ConfigurationException e) {
      LOG.error("cannot start: {}", e.getMessage());
      System.exit(CANNOT_START);
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot start", e);
      System.exit(CANNOT_START);
    }
  }

  private static AutoCloseable start(String command) throws IOException, InterruptedException {
    return switch (command) {
      case "controller" -> ControllerPlugin.start(ControllerConfig.from(System.getenv()));
      default -> NodePlugin.start(NodeConfig.from(System.getenv()));
    };
  }

  private static void close(AutoCloseable plugin) {
    try {
      plugin.close();
    } catch (Exception e) {
      LOG.warn("while stopping", e);
    }
  }
}
