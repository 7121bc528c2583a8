package io.ossmount.emulator.auth;

import io.ossmount.emulator.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The V1 signature: base64(HMAC-SHA1(secret, string to sign)), in a header or a URL. */
final class SignatureV1 {
  /** Query parameters that are part of the resource; all others are not signed. */
  private static final Set<String> SUBRESOURCES =
      Set.of(
          ("acl append asyncFetch bucketInfo callback callback-var cname comp continuation-token"
                  + " cors delete encryption endTime group img inventory inventoryId lifecycle link"
                  + " live location logging metaQuery objectInfo objectMeta partNumber policy"
                  + " position qos qosInfo referer replication replicationLocation"
                  + " replicationProgress requestPayment resourceGroup response-cache-control"
                  + " response-content-disposition response-content-encoding"
                  + " response-content-language response-content-type response-expires restore"
                  + " security-token sequential startTime stat status style styleName symlink"
                  + " tagging transferAcceleration udf udfApplication udfImage udfName"
                  + " uploadId uploads versionId versioning versions vod website worm wormExtend"
                  + " wormId x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask"
                  + " x-oss-ac-vpc-id x-oss-async-process x-oss-process x-oss-request-payer"
                  + " x-oss-traffic-limit")
              .split(" "));

  private SignatureV1() {}

  /** From the date of the headers. */
  static String ofHeader(SignedRequest request, String secret) {
    return sign(request, date(request), secret);
  }

  /** Browsers may not set Date, so x-oss-date stands in for it. */
  static String date(SignedRequest request) {
    String own = request.header("x-oss-date");
    return own.isEmpty() ? request.header("date") : own;
  }

  /** From the Expires parameter of the URL. */
  static String ofUrl(SignedRequest request, String secret) {
    return sign(request, request.query().get("Expires").orElse(""), secret);
  }

  private static String sign(SignedRequest request, String date, String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    byte[] text = Hmac.bytes(stringToSign(request, date));
    return Base64.getEncoder().encodeToString(Hmac.sha1(key, text));
  }

  static String stringToSign(SignedRequest request, String date) {
    StringBuilder text = new StringBuilder(256).append(request.method()).append('\n');
    text.append(request.header("content-md5")).append('\n');
    text.append(request.header("content-type")).append('\n');
    text.append(date).append('\n');
    request.headers().names().stream()
        .filter(name -> name.startsWith("x-oss-"))
        .sorted()
        .forEach(name -> text.append(name).append(':').append(request.header(name)).append('\n'));
    text.append(Hmac.asBytes(request.resource()));
    List<Query.Parameter> signed = new ArrayList<>();
    for (Query.Parameter each : request.query().parameters()) {
      if (SUBRESOURCES.contains(each.name())) {
        signed.add(each);
      }
    }
    signed.sort(Comparator.comparing(Query.Parameter::name));
    char separator = '?';
    for (Query.Parameter each : signed) {
      text.append(separator).append(each.name());
      if (!each.value().isEmpty()) {
        text.append('=').append(Hmac.asBytes(each.value()));
      }
      separator = '&';
    }
    return text.toString();
  }
}
