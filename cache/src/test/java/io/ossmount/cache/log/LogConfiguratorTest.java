package io.ossmount.cache.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogConfiguratorTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void aLineOfTextHasTimeLevelNameThreadAndMessage() {
    var appender = LogConfigurator.configure(context, LogFormat.TEXT, Level.INFO);
    assertThat(appender.getTarget()).isEqualTo("System.err");
    assertThat(line(appender))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Part \\[main] there are 7 of them\\R");
  }

  @Test
  void aLineOfJsonIsOneObject() {
    var appender = LogConfigurator.configure(context, LogFormat.JSON, Level.INFO);
    assertThat(appender.getTarget()).isEqualTo("System.out");
    var line = line(appender);
    assertThat(line.lines()).hasSize(1);
    var object = JsonParser.parseString(line).getAsJsonObject();
    assertThat(object.keySet())
        .containsExactly(
            "timestamp", "level", "threadName", "loggerName", "formattedMessage", "throwable");
    assertThat(object.get("formattedMessage").getAsString()).isEqualTo("there are 7 of them");
  }

  @Test
  void librariesOnlyWarn() {
    LogConfigurator.configure(context, LogFormat.TEXT, Level.DEBUG);
    assertThat(context.getLogger("io.ossmount.cache").isDebugEnabled()).isTrue();
    assertThat(context.getLogger("io.netty").isInfoEnabled()).isFalse();
    assertThat(context.getLogger("io.netty").isWarnEnabled()).isTrue();
  }

  @Test
  void aProcessThatHasAFileIsConfiguredByThat() {
    // As this one, which has logback-test.xml.
    assertThat(new LogConfigurator().configure(context))
        .isEqualTo(LogConfigurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
  }

  private String line(ConsoleAppender<ILoggingEvent> appender) {
    var logger = context.getLogger("io.ossmount.Part");
    var event =
        new LoggingEvent("", logger, Level.WARN, "there are {} of them", null, new Object[] {7});
    event.setThreadName("main");
    return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
