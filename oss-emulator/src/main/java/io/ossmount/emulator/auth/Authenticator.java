package io.ossmount.emulator.auth;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpDate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds out which key signed a request, and whether it did. Thread-safe. */
public final class Authenticator {
  private static final Duration LARGEST_SKEW = Duration.ofMinutes(15);
  private static final long LONGEST_V4_URL_SECONDS = 7 * 24 * 3600;
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final AccessKeys keys;
  private final Clock clock;
  private final Optional<String> region;

  /**
   * For these keys.
   *
   * @param region that V4 signatures must be for; empty: any
   */
  public Authenticator(AccessKeys keys, Clock clock, Optional<String> region) {
    this.keys = keys;
    this.clock = clock;
    this.region = region;
  }

  /**
   * Checks the signature.
   *
   * @return the key that signed
   * @throws OssException the request is not signed, or not rightly, or not by a key that counts
   */
  public AccessKey authenticate(SignedRequest request) {
    String authorization = request.header("authorization");
    if (authorization.startsWith(SignatureV4.ALGORITHM + " ")) {
      return v4Header(request, authorization.substring(SignatureV4.ALGORITHM.length() + 1));
    }
    if (authorization.startsWith("OSS ")) {
      return v1Header(request, authorization.substring("OSS ".length()).trim());
    }
    if (AwsSignature.isIn(authorization)) {
      return awsHeader(request, authorization.substring(AwsSignature.ALGORITHM.length() + 1));
    }
    if (!authorization.isEmpty()) {
      throw invalid("The authorization header is neither a V1 nor a V4 signature of OSS.");
    }
    if (request.query().has("x-oss-signature-version")) {
      return v4Url(request);
    }
    if (request.query().has("OSSAccessKeyId")) {
      return v1Url(request);
    }
    throw new OssException(
        ErrorCode.ACCESS_DENIED, "Anonymous access is forbidden for this operation.");
  }

  private AccessKey v1Header(SignedRequest request, String credential) {
    int colon = credential.indexOf(':');
    if (colon < 0) {
      throw invalid("The V1 authorization header is not \"OSS ID:SIGNATURE\".");
    }
    AccessKey key = keyOf(credential.substring(0, colon));
    String date = SignatureV1.date(request);
    Instant signed =
        HttpDate.parse(date)
            .orElseThrow(() ->
                new OssException(
                    ErrorCode.ACCESS_DENIED, "OSS authentication requires a valid Date."));
    checkSkew(signed);
    String expected = SignatureV1.ofHeader(request, key.secret());
    compare(
        key, expected, credential.substring(colon + 1), SignatureV1.stringToSign(request, date));
    checkToken(key, request.headers().get("x-oss-security-token"));
    return key;
  }

  private AccessKey v1Url(SignedRequest request) {
    AccessKey key = keyOf(parameter(request, "OSSAccessKeyId"));
    String expires = parameter(request, "Expires");
    if (clock.instant().getEpochSecond() > number(expires, "Expires")) {
      throw expired();
    }
    String expected = SignatureV1.ofUrl(request, key.secret());
    String given = parameter(request, "Signature");
    compare(key, expected, given, SignatureV1.stringToSign(request, expires));
    checkToken(key, request.query().get("security-token"));
    return key;
  }

  private AccessKey v4Header(SignedRequest request, String text) {
    Map<String, String> parts = parts(text);
    String[] credential =
        credential(parts.getOrDefault("Credential", ""), "oss", "aliyun_v4_request");
    AccessKey key = keyOf(credential[0]);
    Instant signed = time(request.header("x-oss-date"), request.header("date"));
    checkSkew(signed);
    if (!request.header("x-oss-content-sha256").equals(SignatureV4.UNSIGNED_PAYLOAD)) {
      throw invalid("x-oss-content-sha256 must be " + SignatureV4.UNSIGNED_PAYLOAD + ".");
    }
    SignatureV4 signature =
        signature(credential, signed, parts.getOrDefault("AdditionalHeaders", ""));
    String given = parts.getOrDefault("Signature", "");
    compare(key, signature.of(request, key.secret()), given, signature.stringToSign(request));
    checkToken(key, request.headers().get("x-oss-security-token"));
    return key;
  }

  private AccessKey awsHeader(SignedRequest request, String text) {
    Map<String, String> parts = parts(text);
    String[] credential = credential(parts.getOrDefault("Credential", ""), "s3", "aws4_request");
    AccessKey key = keyOf(credential[0]);
    Instant signed = time(request.header("x-amz-date"), request.header("date"));
    checkSkew(signed);
    if (!AwsSignature.isKnownPayload(request)) {
      throw new OssException(
          ErrorCode.NOT_IMPLEMENTED, "Bodies that are signed chunk by chunk are not implemented.");
    }
    checkScope(credential, signed);
    AwsSignature signature =
        new AwsSignature(
            credential[1],
            credential[2],
            BASIC.format(signed),
            List.of(parts.getOrDefault("SignedHeaders", "").split(";", -1)));
    String given = parts.getOrDefault("Signature", "");
    compare(key, signature.of(request, key.secret()), given, signature.stringToSign(request));
    checkToken(key, request.headers().get("x-amz-security-token"));
    return key;
  }

  /** NAME=VALUE, separated by commas. */
  private static Map<String, String> parts(String text) {
    Map<String, String> parts = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
      }
    }
    return parts;
  }

  private AccessKey v4Url(SignedRequest request) {
    if (!parameter(request, "x-oss-signature-version").equals(SignatureV4.ALGORITHM)) {
      throw invalid("x-oss-signature-version must be " + SignatureV4.ALGORITHM + ".");
    }
    String[] credential =
        credential(parameter(request, "x-oss-credential"), "oss", "aliyun_v4_request");
    AccessKey key = keyOf(credential[0]);
    Instant signed = time(parameter(request, "x-oss-date"), "");
    long seconds = number(parameter(request, "x-oss-expires"), "x-oss-expires");
    if (seconds < 1 || seconds > LONGEST_V4_URL_SECONDS) {
      throw invalid("x-oss-expires must be from 1 to " + LONGEST_V4_URL_SECONDS + ".");
    }
    if (clock.instant().isAfter(signed.plusSeconds(seconds))) {
      throw expired();
    }
    if (signed.isAfter(clock.instant().plus(LARGEST_SKEW))) {
      throw skewed(signed);
    }
    SignatureV4 signature =
        signature(credential, signed, request.query().get("x-oss-additional-headers").orElse(""));
    String given = parameter(request, "x-oss-signature");
    compare(key, signature.of(request, key.secret()), given, signature.stringToSign(request));
    checkToken(key, request.query().get("x-oss-security-token"));
    return key;
  }

  private SignatureV4 signature(String[] credential, Instant signed, String additional) {
    checkScope(credential, signed);
    List<String> names =
        Arrays.stream(additional.split(";", -1))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .toList();
    return new SignatureV4(credential[1], credential[2], BASIC.format(signed), names);
  }

  private void checkScope(String[] credential, Instant signed) {
    if (!BASIC.format(signed).startsWith(credential[1] + "T")) {
      throw invalid("Invalid signing date in Authorization header.");
    }
    if (region.isPresent() && !region.get().equals(credential[2])) {
      throw invalid("Invalid signing region in Authorization header.");
    }
  }

  private static String[] credential(String text, String service, String terminator) {
    String[] parts = text.split("/", -1);
    if (parts.length != 5 || !parts[3].equals(service) || !parts[4].equals(terminator)) {
      throw invalid("The credential is not ID/DATE/REGION/" + service + "/" + terminator + ".");
    }
    return parts;
  }

  private static Instant time(String basic, String httpDate) {
    if (basic.isEmpty()) {
      return HttpDate.parse(httpDate)
          .orElseThrow(
              () -> invalid("Neither the date of the signature nor Date is a valid time."));
    }
    try {
      return BASIC.parse(basic, Instant::from);
    } catch (DateTimeException e) {
      throw invalid("The date is not of the form 20231203T121212Z.");
    }
  }

  private AccessKey keyOf(String id) {
    AccessKey key =
        keys.find(id)
            .orElseThrow(() ->
                new OssException(ErrorCode.INVALID_ACCESS_KEY_ID).detail("OSSAccessKeyId", id));
    if (!key.isEnabled()) {
      throw new OssException(
              ErrorCode.INVALID_ACCESS_KEY_ID, "The OSS Access Key Id you provided is disabled.")
          .detail("OSSAccessKeyId", id);
    }
    return key;
  }

  private static void checkToken(AccessKey key, Optional<String> given) {
    if (key.securityToken().isEmpty() && given.isPresent()) {
      // a token beside a key that STS did not make: OSS looks for the key among STS's own
      throw new OssException(ErrorCode.INVALID_ACCESS_KEY_ID).detail("OSSAccessKeyId", key.id());
    }
    if (!key.securityToken().equals(given)) {
      throw new OssException(ErrorCode.INVALID_SECURITY_TOKEN);
    }
    if (key.isExpired()) {
      throw new OssException(
          403, "SecurityTokenExpired", "The security token you provided has expired.");
    }
  }

  private void checkSkew(Instant signed) {
    if (Duration.between(signed, clock.instant()).abs().compareTo(LARGEST_SKEW) > 0) {
      throw skewed(signed);
    }
  }

  private OssException skewed(Instant signed) {
    return new OssException(ErrorCode.REQUEST_TIME_TOO_SKEWED)
        .detail("MaxAllowedSkewMilliseconds", Long.toString(LARGEST_SKEW.toMillis()))
        .detail("RequestTime", signed.toString())
        .detail("ServerTime", clock.instant().toString());
  }

  private static void compare(AccessKey key, String expected, String given, String stringToSign) {
    boolean isSame =
        MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    if (!isSame) {
      throw new OssException(ErrorCode.SIGNATURE_DOES_NOT_MATCH)
          .detail("OSSAccessKeyId", key.id())
          .detail("SignatureProvided", given)
          .detail("StringToSign", stringToSign);
    }
  }

  private static String parameter(SignedRequest request, String name) {
    return request
        .query()
        .get(name)
        .orElseThrow(() -> invalid("The query parameter " + name + " is missing."));
  }

  private static long number(String text, String name) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw invalid(name + " is not a number.");
    }
  }

  private static OssException expired() {
    return new OssException(ErrorCode.ACCESS_DENIED, "Request has expired.");
  }

  private static OssException invalid(String message) {
    return new OssException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
