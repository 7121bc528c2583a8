package io.ossmount.operator.dashboard.page;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * HTML that is safe to send. It comes from templates that are constants of this program, and text
 * from anywhere, which is escaped here and nowhere else. Immutable.
 *
 * @param html a part of a document
 */
public record Markup(String html) {
  /** Nothing. */
  public static final Markup NONE = new Markup("");

  private static final String PLACE = "{}";
  private static final char UNSHOWABLE = '\uFFFD';

  /**
   * A template with {@code {}} where the parts go: markup as it is, anything else as text. Text may
   * stand between tags and in quoted attributes, nowhere else.
   *
   * @throws IllegalArgumentException there are not as many parts as places
   */
  public static Markup of(@CompileTimeConstant String template, Object... parts) {
    var html = new StringBuilder(template.length() + 16 * parts.length);
    int at = 0;
    for (var part : parts) {
      int place = template.indexOf(PLACE, at);
      if (place < 0) {
        throw new IllegalArgumentException("more parts than places: " + template);
      }
      html.append(template, at, place);
      html.append(part instanceof Markup markup ? markup.html : escape(String.valueOf(part)));
      at = place + PLACE.length();
    }
    if (template.indexOf(PLACE, at) >= 0) {
      throw new IllegalArgumentException("more places than parts: " + template);
    }
    return new Markup(html.append(template, at, template.length()).toString());
  }

  /** Text. */
  public static Markup text(String text) {
    return new Markup(escape(text));
  }

  /** One after the other. */
  public static Markup all(Collection<Markup> parts) {
    return new Markup(parts.stream().map(Markup::html).collect(Collectors.joining("\n")));
  }

  private static String escape(String text) {
    var safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(isShowable(c) ? c : UNSHOWABLE);
      }
    }
    return safe.toString();
  }

  private static boolean isShowable(char c) {
    return !Character.isISOControl(c) || c == '\n' || c == '\t';
  }

  @Override
  public String toString() {
    return html;
  }
}
