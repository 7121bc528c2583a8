package io.ossmount.cache.selftest;

import java.io.PrintWriter;

/**
 * A run as lines of JSON: {@code {"ossmountTest":"plan","total":58}}, then {@code
 * {"ossmountTest":"row","name":...,"result":...,"millis":...,"message":...}} for each row, and
 * {@code {"ossmountTest":"end"}}. The operator reads them in the pod's log (its {@code
 * mounttest.LogLines}), which holds other lines as well.
 */
public final class JsonLines implements Reporter {
  private final PrintWriter out;

  /** Written to {@code out}, each line at once. */
  public JsonLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begins(int total) {
    line("{\"ossmountTest\":\"plan\",\"total\":" + total + "}");
  }

  @Override
  public void ended(Row row) {
    line(
        "{\"ossmountTest\":\"row\",\"name\":%s,\"result\":%s,\"millis\":%d,\"message\":%s}"
            .formatted(
                quoted(row.name()),
                quoted(row.result().toString()),
                row.millis(),
                quoted(row.message())));
  }

  @Override
  public void ends() {
    line("{\"ossmountTest\":\"end\"}");
  }

  private void line(String text) {
    out.println(text);
    out.flush();
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
          } else if (c < ' ' || Character.isSurrogate((char) c)) {
            quoted.append("\\u%04x".formatted(c));
          } else {
            quoted.append((char) c);
          }
        });
    return quoted.append('"').toString();
  }
}
