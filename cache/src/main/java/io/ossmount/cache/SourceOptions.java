package io.ossmount.cache;

import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where objects are, on the command line. */
final class SourceOptions {
  private static final Pattern REGION_OF_ENDPOINT =
      Pattern.compile("oss-([a-z0-9-]+?)(-internal)?\\.aliyuncs\\.com");

  @Parameters(index = "0", paramLabel = "BUCKET[/DIR]", description = "The bucket's directory.")
  private String bucket = "";

  @Option(names = "--endpoint", required = true, description = "Of OSS; https without a scheme.")
  private String endpoint = "";

  @Option(names = "--region", description = "Taken from an endpoint of aliyuncs.com.")
  private Optional<String> region = Optional.empty();

  @Option(names = "--path-style", description = "Name the bucket in the path, not in the host.")
  private boolean isPathStyle;

  /** As it was given: BUCKET[/DIR]. */
  String bucket() {
    return bucket;
  }

  /**
   * The options as a value.
   *
   * @throws CommandLine.ParameterException one is no good
   */
  Source source(CommandLine command, Optional<Credentials> credentials) {
    return source(command, bucket, credentials);
  }

  /** The same of another place: BUCKET[/DIR]. */
  Source source(CommandLine command, String place, Optional<Credentials> credentials) {
    int slash = place.indexOf('/');
    URI url = endpoint(command);
    return new Source(
        slash < 0 ? place : place.substring(0, slash),
        slash < 0 ? "" : place.substring(slash + 1).replaceAll("/+$", ""),
        url,
        region.orElseGet(() -> regionOf(command, url)),
        isPathStyle,
        credentials);
  }

  private URI endpoint(CommandLine command) {
    try {
      return URI.create(endpoint.contains("://") ? endpoint : "https://" + endpoint);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(command, "--endpoint is no URL: " + endpoint);
    }
  }

  private static String regionOf(CommandLine command, URI url) {
    Matcher matcher = REGION_OF_ENDPOINT.matcher(String.valueOf(url.getHost()));
    if (!matcher.matches()) {
      throw new CommandLine.ParameterException(
          command, "--region is needed: the endpoint does not tell it");
    }
    return matcher.group(1);
  }
}
