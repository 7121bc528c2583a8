package io.ossmount.operator.render;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of OSS as the cache pod wants it.
 *
 * @param url with scheme
 * @param region of the V4 signature; "" if the rules of the schema were passed by
 */
public record Endpoint(String url, String region) {
  private static final Pattern OF_A_REGION =
      Pattern.compile("oss-([a-z0-9-]+?)(?:-internal)?\\.aliyuncs\\.com(?::[0-9]+)?");
  private static final Pattern SCHEME = Pattern.compile("^https?://");

  /**
   * What a spec means.
   *
   * @param given region; null: that of the endpoint
   */
  public static Endpoint of(String text, @Nullable String given) {
    var host = SCHEME.matcher(text).replaceFirst("");
    return new Endpoint(
        host.length() == text.length() ? "https://" + text : text, region(host, given));
  }

  private static String region(String host, @Nullable String given) {
    if (given != null) {
      return given;
    }
    var match = OF_A_REGION.matcher(host.toLowerCase(Locale.ROOT));
    return match.matches() ? match.group(1) : "";
  }
}
