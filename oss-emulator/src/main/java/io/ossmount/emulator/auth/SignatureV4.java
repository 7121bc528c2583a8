package io.ossmount.emulator.auth;

import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * The V4 signature: HMAC-SHA256 with a key derived from secret, date, region and service.
 *
 * @param date of the scope, yyyyMMdd
 * @param region of the scope
 * @param timestamp of the request, yyyyMMdd'T'HHmmss'Z'
 * @param additionalHeaders names of headers signed besides those that always are, lower case
 */
record SignatureV4(String date, String region, String timestamp, List<String> additionalHeaders) {
  static final String ALGORITHM = "OSS4-HMAC-SHA256";
  static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
  private static final String TERMINATOR = "aliyun_v4_request";
  private static final String SIGNATURE_PARAMETER = "x-oss-signature";

  SignatureV4 {
    additionalHeaders = List.copyOf(additionalHeaders);
  }

  String of(SignedRequest request, String secret) {
    return of(stringToSign(request), signingKey(secret));
  }

  static String of(String stringToSign, byte[] signingKey) {
    return HexFormat.of().formatHex(Hmac.sha256(signingKey, stringToSign));
  }

  byte[] signingKey(String secret) {
    byte[] key = ("aliyun_v4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String step : List.of(date, region, "oss", TERMINATOR)) {
      key = Hmac.sha256(key, step);
    }
    return key;
  }

  String stringToSign(SignedRequest request) {
    return String.join(
        "\n",
        ALGORITHM,
        timestamp,
        String.join("/", date, region, "oss", TERMINATOR),
        Hmac.hexSha256(Hmac.bytes(canonicalRequest(request))));
  }

  String canonicalRequest(SignedRequest request) {
    StringBuilder headers = new StringBuilder();
    TreeSet<String> additional = new TreeSet<>();
    for (String name : new TreeSet<>(request.headers().names())) {
      boolean isAlwaysSigned =
          name.startsWith("x-oss-") || name.equals("content-type") || name.equals("content-md5");
      if (isAlwaysSigned || additionalHeaders.contains(name)) {
        headers.append(name).append(':').append(request.header(name)).append('\n');
      }
      if (!isAlwaysSigned && additionalHeaders.contains(name)) {
        additional.add(name);
      }
    }
    return String.join(
        "\n",
        request.method(),
        Percent.encodePath(request.resource()),
        canonicalQuery(request.query()),
        headers.toString(),
        String.join(";", additional),
        request.headers().get("x-oss-content-sha256").orElse(UNSIGNED_PAYLOAD));
  }

  private static String canonicalQuery(Query query) {
    List<String> encoded = new ArrayList<>();
    for (Query.Parameter each : query.parameters()) {
      if (!each.name().equals(SIGNATURE_PARAMETER)) {
        String name = Percent.encode(each.name());
        encoded.add(each.value().isEmpty() ? name : name + "=" + Percent.encode(each.value()));
      }
    }
    // '=' would sort before some characters of a longer name
    encoded.sort((left, right) -> nameOf(left).compareTo(nameOf(right)));
    return String.join("&", encoded);
  }

  private static String nameOf(String parameter) {
    int equals = parameter.indexOf('=');
    return equals < 0 ? parameter : parameter.substring(0, equals);
  }
}
