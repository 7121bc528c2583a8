package io.ossmount.operator;

import io.ossmount.operator.dashboard.server.HttpLimits;
import io.ossmount.operator.helmtest.InstallationTestMain;
import io.ossmount.operator.uninstall.UninstallMain;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the operator; {@link OperatorConfiguration} says what it reads from its environment. With
 * the argument {@code uninstall} it makes the installation ready to go instead, with {@code test}
 * it tests the installation, and ends.
 */
public final class OperatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
  private static final int USAGE = 2;

  private OperatorMain() {}

  /** Ends with 2 when arguments or environment make no configuration, else by a signal. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (List.of(arguments).equals(List.of("uninstall"))) {
      System.exit(UninstallMain.run(System.getenv()));
    }
    if (arguments.length >= 1 && arguments.length <= 2 && arguments[0].equals("test")) {
      var ossMount = arguments.length == 2 ? arguments[1] : "";
      System.exit(InstallationTestMain.run(System.getenv(), ossMount));
    }
    if (arguments.length > 0) {
      System.err.println("usage: ossmount-operator [uninstall | test [NAMESPACE/NAME]]");
      System.exit(USAGE);
    }
    try {
      run(OperatorConfiguration.from(System.getenv()));
    } catch (InvalidConfigurationException e) {
      LOG.error("The environment is wrong:\n{}", e.getMessage());
      System.exit(USAGE);
    }
  }

  private static void run(OperatorConfiguration configuration)
      throws IOException, InterruptedException {
    HttpLimits.set();
    var process = OperatorProcess.build(configuration);
    Runtime.getRuntime().addShutdownHook(new Thread(process::close, "shutdown"));
    process.start();
    LOG.info("OssMount operator {} runs", configuration.cachePods().version());
    process.await();
  }
}
