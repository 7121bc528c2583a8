package io.ossmount.cache.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What a file for Logback would say; to read one takes a tenth of a start that applications wait
 * for. Found by Logback as a service; a process that has not {@link #choose chosen} it, or has a
 * file of its own, is configured by that.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String FORMAT = "OSSMOUNT_LOG_FORMAT";
  private static final String LEVEL = "OSSMOUNT_LOG_LEVEL";
  private static final String OWN_FILE = "logback.configurationFile";
  private static final String OF_TESTS = "logback-test.xml";

  /** Used by Logback. */
  public LogConfigurator() {}

  /**
   * This process writes its log so, as text to the standard error or one JSON object for each line
   * to the standard output. To be called before the first logger is made.
   *
   * @param format when OSSMOUNT_LOG_FORMAT says nothing else
   */
  public static void choose(LogFormat format) {
    String said = System.getenv(FORMAT);
    System.setProperty(FORMAT, said == null ? format.name() : said);
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    String chosen = System.getProperty(FORMAT);
    boolean hasFile =
        System.getProperty(OWN_FILE) != null
            || LogConfigurator.class.getClassLoader().getResource(OF_TESTS) != null;
    if (chosen == null || hasFile) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    configure(context, LogFormat.of(chosen), Level.toLevel(System.getenv(LEVEL), Level.INFO));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Writes warnings of libraries, and of this project what the level says.
   *
   * @return what writes
   */
  static ConsoleAppender<ILoggingEvent> configure(
      LoggerContext context, LogFormat format, Level level) {
    ConsoleAppender<ILoggingEvent> appender = appender(context, format);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.ossmount").setLevel(level);
    return appender;
  }

  private static ConsoleAppender<ILoggingEvent> appender(LoggerContext context, LogFormat format) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    ConsoleTarget target =
        format == LogFormat.JSON ? ConsoleTarget.SystemOut : ConsoleTarget.SystemErr;
    appender.setTarget(target.getName());
    Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? json() : text();
    encoder.setContext(context);
    encoder.start();
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} [%thread] %msg%n");
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMDC(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    return encoder;
  }
}
