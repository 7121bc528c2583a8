package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.MalformedRequestException;
import io.ossmount.emulator.http.Percent;
import java.util.List;
import java.util.Locale;

/**
 * What a request is about.
 *
 * @param bucket "" for the service
 * @param key "" for a bucket
 */
record Address(String bucket, String key) {
  /**
   * Reads it from the host and the path.
   *
   * @param suffixes names of the service: of a host "b.SUFFIX" the bucket is b, with any other host
   *     it is the first segment of the path; a name of the service is no bucket, even when it ends
   *     with a shorter one
   * @throws OssException InvalidURI
   */
  static Address of(HttpRequest request, List<String> suffixes) {
    String path;
    try {
      path = Percent.decode(request.path().substring(1));
    } catch (MalformedRequestException e) {
      throw new OssException(ErrorCode.INVALID_URI);
    }
    String host = request.host().replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    if (suffixes.contains(host)) {
      return inPath(path);
    }
    for (String suffix : suffixes) {
      if (host.endsWith("." + suffix)) {
        return new Address(host.substring(0, host.length() - suffix.length() - 1), path);
      }
    }
    return inPath(path);
  }

  private static Address inPath(String path) {
    int slash = path.indexOf('/');
    return slash < 0
        ? new Address(path, "")
        : new Address(path.substring(0, slash), path.substring(slash + 1));
  }
}
