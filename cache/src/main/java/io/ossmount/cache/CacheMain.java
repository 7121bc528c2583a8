package io.ossmount.cache;

import io.ossmount.cache.log.LogConfigurator;
import io.ossmount.cache.log.LogFormat;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The cache process: {@code serve} in a cache pod, {@code mount} on its own, {@code test} of a
 * mount that either of them serves.
 *
 * <p>In a pod the log is JSON; OSSMOUNT_LOG_FORMAT (text, json) and OSSMOUNT_LOG_LEVEL say
 * otherwise.
 */
@Command(
    name = "ossmount-cache",
    description = "Serves the objects of an OSS bucket as files.",
    mixinStandardHelpOptions = true,
    subcommands = {ServeCommand.class, MountCommand.class, TestCommand.class})
public final class CacheMain {
  /** The command line of every cache pod. */
  private static final List<String> SERVE = List.of("serve");

  private CacheMain() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    boolean isInPod = System.getenv(ServeEnvironment.POD_NAME) != null;
    LogConfigurator.choose(isInPod ? LogFormat.JSON : LogFormat.TEXT);
    System.exit(SERVE.equals(List.of(args)) ? serve() : commandLine().execute(args));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new CacheMain()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /**
   * Without the parser, whose classes an AOT cache cannot keep: applications wait for the start.
   */
  private static int serve() {
    try {
      return new ServeCommand().call();
    } catch (Exception e) {
      LoggerFactory.getLogger(CacheMain.class).error("cannot serve", e);
      return 1;
    }
  }
}
