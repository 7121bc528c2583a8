package io.ossmount.emulator.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpHeaders;
import io.ossmount.emulator.http.Query;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticatorTest {
  private static final Instant SIGNED = Instant.parse("2023-12-16T16:20:57Z");
  private static final AccessKey KEY = AccessKey.of("ak", "sk");
  private static final String DATE = "Sat, 16 Dec 2023 16:20:57 GMT";

  private final AccessKeys keys = new AccessKeys();

  private String outcome(Instant now, SignedRequest request) {
    Authenticator authenticator =
        new Authenticator(keys, Clock.fixed(now, ZoneOffset.UTC), Optional.of("cn-hangzhou"));
    try {
      return authenticator.authenticate(request).id();
    } catch (OssException e) {
      return e.code();
    }
  }

  private static SignedRequest v4(String region, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("x-oss-date", "20231216T162057Z");
    headers.put("x-oss-content-sha256", "UNSIGNED-PAYLOAD");
    SignatureV4 signature = new SignatureV4("20231216", region, "20231216T162057Z", List.of());
    String value = signature.of(request(headers), KEY.secret());
    headers.put(
        "authorization",
        "OSS4-HMAC-SHA256 Credential=ak/20231216/%s/oss/aliyun_v4_request, Signature=%s"
            .formatted(region, value));
    return request(headers);
  }

  private static SignedRequest v1(Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("date", DATE);
    String value = SignatureV1.ofHeader(request(headers), KEY.secret());
    headers.put("authorization", "OSS ak:" + value);
    return request(headers);
  }

  private static SignedRequest request(Map<String, String> headers) {
    return new SignedRequest(
        "GET", "b", "k ü", "/b/k ü", Query.parse("acl"), HttpHeaders.of(headers));
  }

  @ParameterizedTest
  @CsvSource({"-901,RequestTimeTooSkewed", "-899,ak", "899,ak", "901,RequestTimeTooSkewed"})
  void clocksMayDifferByAQuarterOfAnHour(long seconds, String expected) {
    keys.put(KEY);
    Instant now = SIGNED.plusSeconds(seconds);
    assertThat(outcome(now, v4("cn-hangzhou", Map.of()))).isEqualTo(expected);
    assertThat(outcome(now, v1(Map.of()))).isEqualTo(expected);
  }

  @Test
  void unknownDisabledAndWrongKeysAreRefused() {
    assertThat(outcome(SIGNED, v1(Map.of()))).isEqualTo("InvalidAccessKeyId");
    keys.put(KEY.enabled(false));
    assertThat(outcome(SIGNED, v4("cn-hangzhou", Map.of()))).isEqualTo("InvalidAccessKeyId");
    keys.put(AccessKey.of("ak", "other"));
    assertThat(outcome(SIGNED, v1(Map.of()))).isEqualTo("SignatureDoesNotMatch");
    assertThat(outcome(SIGNED, v4("cn-hangzhou", Map.of()))).isEqualTo("SignatureDoesNotMatch");
  }

  @Test
  void anotherRegionIsRefused() {
    keys.put(KEY);
    assertThat(outcome(SIGNED, v4("cn-beijing", Map.of()))).isEqualTo("InvalidArgument");
  }

  @Test
  void unsignedRequestsAreRefused() {
    assertThat(outcome(SIGNED, request(Map.of()))).isEqualTo("AccessDenied");
    assertThat(outcome(SIGNED, request(Map.of("authorization", "Basic x"))))
        .isEqualTo("InvalidArgument");
  }

  @Test
  void securityTokensMustBeThoseOfTheKey() {
    Map<String, String> token = Map.of("x-oss-security-token", "t1");
    keys.put(KEY);
    assertThat(outcome(SIGNED, v1(token))).isEqualTo("InvalidAccessKeyId");
    keys.put(KEY.withSecurityToken("t1"));
    assertThat(outcome(SIGNED, v1(token))).isEqualTo("ak");
    assertThat(outcome(SIGNED, v1(Map.of()))).isEqualTo("InvalidSecurityToken");
    keys.put(KEY.withSecurityToken("t2"));
    assertThat(outcome(SIGNED, v4("cn-hangzhou", token))).isEqualTo("InvalidSecurityToken");
    keys.put(KEY.withSecurityToken("t1").expired(true));
    assertThat(outcome(SIGNED, v4("cn-hangzhou", token))).isEqualTo("SecurityTokenExpired");
  }

  @Test
  void secretsDoNotShow() {
    AccessKey key = AccessKey.parse("id:very-secret:read-only:a/").withSecurityToken("also-secret");
    assertThat(key.toString()).contains("id", "read-only", "a/").doesNotContain("secret");
  }

  @Test
  void keysAreParsed() {
    List<String> wrong = new ArrayList<>(List.of("", "id", ":s", "id:s:everything"));
    for (String each : wrong) {
      assertThatThrownBy(() -> AccessKey.parse(each)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(AccessKey.parse("id:s:no-list:a:b").rights()).isEqualTo(Rights.NO_LIST.below("a:b"));
    assertThat(AccessKey.parse("id:s").rights()).isEqualTo(Rights.FULL);
  }
}
