package io.ossmount.emulator.auth;

import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The signature version 4 of Amazon S3: as that of OSS, but for the words and for what of the
 * request is signed. What it says of the body is not compared with the body.
 *
 * @param date of the scope, yyyyMMdd
 * @param region of the scope
 * @param timestamp of the request, yyyyMMdd'T'HHmmss'Z'
 * @param signedHeaders names in order, lower case
 */
record AwsSignature(String date, String region, String timestamp, List<String> signedHeaders) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String TERMINATOR = "aws4_request";
  private static final String PAYLOAD = "x-amz-content-sha256";
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  AwsSignature {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** Whether the Authorization header has one. */
  static boolean isIn(String authorization) {
    return authorization.startsWith(ALGORITHM + " ");
  }

  /** Whether the body comes as it is, not in chunks with signatures between them. */
  static boolean isKnownPayload(SignedRequest request) {
    String payload = request.header(PAYLOAD);
    return payload.equals(SignatureV4.UNSIGNED_PAYLOAD) || HASH.matcher(payload).matches();
  }

  String of(SignedRequest request, String secret) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String step : List.of(date, region, "s3", TERMINATOR)) {
      key = Hmac.sha256(key, step);
    }
    return HexFormat.of().formatHex(Hmac.sha256(key, stringToSign(request)));
  }

  String stringToSign(SignedRequest request) {
    return String.join(
        "\n",
        ALGORITHM,
        timestamp,
        String.join("/", date, region, "s3", TERMINATOR),
        Hmac.hexSha256(Hmac.bytes(canonicalRequest(request))));
  }

  private String canonicalRequest(SignedRequest request) {
    StringBuilder headers = new StringBuilder();
    for (String name : signedHeaders) {
      headers.append(name).append(':').append(request.header(name)).append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        Percent.encodePath(request.path()),
        canonicalQuery(request.query()),
        headers.toString(),
        String.join(";", signedHeaders),
        request.header(PAYLOAD));
  }

  private static String canonicalQuery(Query query) {
    return query.parameters().stream()
        .map(each -> Percent.encode(each.name()) + "=" + Percent.encode(each.value()))
        .sorted()
        .collect(Collectors.joining("&"));
  }
}
