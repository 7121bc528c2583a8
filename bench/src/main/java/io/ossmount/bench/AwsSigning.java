package io.ossmount.bench;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs GETs as Amazon S3 wants them. Source: "Authenticating Requests (AWS Signature Version 4)".
 *
 * @param endpoint that is asked
 */
record AwsSigning(Bed.Endpoint endpoint) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String PAYLOAD = "UNSIGNED-PAYLOAD";
  private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";

  /** A GET of an object whose key needs no escapes. */
  HttpRequest.Builder get(String key, Instant now) {
    String path = "/" + endpoint.bucket() + "/" + key;
    URI url = URI.create(endpoint.url() + path);
    String time = TIME.format(now);
    String scope = String.join("/", time.substring(0, 8), endpoint.region(), "s3", "aws4_request");
    String canonical =
        String.join(
            "\n",
            "GET",
            path,
            "",
            "host:" + url.getAuthority(),
            "x-amz-content-sha256:" + PAYLOAD,
            "x-amz-date:" + time,
            "",
            SIGNED,
            PAYLOAD);
    String text = String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(canonical));
    byte[] signingKey = ("AWS4" + endpoint.secret()).getBytes(StandardCharsets.UTF_8);
    for (String step : List.of(scope.split("/", -1))) {
      signingKey = hmac(signingKey, step);
    }
    return HttpRequest.newBuilder(url)
        .header("x-amz-date", time)
        .header("x-amz-content-sha256", PAYLOAD)
        .header(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s"
                .formatted(
                    endpoint.key(),
                    scope,
                    SIGNED,
                    HexFormat.of().formatHex(hmac(signingKey, text))));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
