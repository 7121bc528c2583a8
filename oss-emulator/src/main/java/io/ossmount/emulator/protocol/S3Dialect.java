package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests of clients that speak the protocol of Amazon S3, which OSS understands as well: they are
 * signed as there, and their headers say "amz" where OSS says "oss". Listings, errors and uploads
 * in parts look the same in both. Source: "Use Amazon S3 SDKs to access OSS" in the documentation
 * of OSS.
 */
final class S3Dialect {
  private static final String SIGNATURE = "AWS4-HMAC-SHA256 ";
  private static final String THEIRS = "x-amz-";
  private static final String OURS = "x-oss-";

  private S3Dialect() {}

  /** Whether a request is in it. */
  static boolean isOf(HttpRequest request) {
    return request.headers().get("authorization").filter(S3Dialect::isSignature).isPresent();
  }

  private static boolean isSignature(String authorization) {
    return authorization.startsWith(SIGNATURE);
  }

  /** The request in the words of OSS, beside its own ones, which are signed. */
  static HttpRequest translate(HttpRequest request) {
    Map<String, String> translated = new LinkedHashMap<>();
    for (String name : request.headers().names()) {
      if (name.startsWith(THEIRS)) {
        translated.put(
            OURS + name.substring(THEIRS.length()), request.headers().get(name).orElse(""));
      }
    }
    return new HttpRequest(
        request.method(),
        request.host(),
        request.path(),
        request.query(),
        request.headers().with(translated),
        request.body());
  }

  /** The answer in the words of S3. */
  static HttpResponse answer(HttpResponse response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .forEach((name, value) ->
            headers.put(
                name.startsWith(OURS) ? THEIRS + name.substring(OURS.length()) : name, value));
    return new HttpResponse(response.status(), headers, response.body());
  }
}
