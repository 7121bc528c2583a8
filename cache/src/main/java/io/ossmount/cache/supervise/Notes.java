package io.ossmount.cache.supervise;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The supervisor's log: lines like those of the server, in one write each, so that they are never
 * mixed with its. Thread-safe.
 */
final class Notes {
  private static final String LOGGER = "io.ossmount.cache.supervise.Supervisor";

  private final boolean isJson;
  private final FileOutputStream out;

  private Notes(boolean isJson, FileOutputStream out) {
    this.isJson = isJson;
    this.out = out;
  }

  /** As the server's: JSON in a pod, on the standard output; else text, on that for errors. */
  static Notes ofThisProcess() {
    String format = System.getenv("OSSMOUNT_LOG_FORMAT");
    boolean isJson =
        format == null ? System.getenv("OSSMOUNT_POD_NAME") != null : format.equals("json");
    return new Notes(
        isJson, new FileOutputStream(isJson ? FileDescriptor.out : FileDescriptor.err));
  }

  void info(String message) {
    write("INFO", message);
  }

  void warn(String message) {
    write("WARN", message);
  }

  void error(String message) {
    write("ERROR", message);
  }

  private void write(String level, String message) {
    String line = isJson ? json(System.currentTimeMillis(), level, message) : text(level, message);
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Nobody reads any more. That is no reason to stop.
    }
  }

  private static String text(String level, String message) {
    return level.concat(" Supervisor ").concat(message).concat("\n");
  }

  /** The fields of Logback's encoder. */
  static String json(long millis, String level, String message) {
    StringBuilder line = new StringBuilder("{\"timestamp\":").append(millis);
    line.append(",\"level\":\"").append(level);
    line.append("\",\"threadName\":\"main\",\"loggerName\":\"").append(LOGGER);
    line.append("\",\"formattedMessage\":\"");
    for (int i = 0; i < message.length(); i++) {
      appendEscaped(line, message.charAt(i));
    }
    return line.append("\"}\n").toString();
  }

  private static void appendEscaped(StringBuilder line, char c) {
    if (c == '"' || c == '\\') {
      line.append('\\').append(c);
    } else if (c < ' ') {
      line.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
    } else {
      line.append(c);
    }
  }
}
