package io.ossmount.emulator.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.emulator.http.HttpHeaders;
import io.ossmount.emulator.http.Query;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Signatures that Alibaba and Amazon published, in their documentation and in the tests of
 * Alibaba's SDKs.
 */
class PublishedSignaturesTest {
  /** "Include a V1 signature in the Authorization header", the example at its end. */
  @Test
  void theV1ExampleOfTheDocumentation() {
    SignedRequest request =
        new SignedRequest(
            "PUT",
            "oss-example",
            "nelson",
            "/oss-example/nelson",
            Query.parse(""),
            HttpHeaders.of(
                Map.of(
                    "Content-MD5", "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=",
                    "Content-Type", "text/html",
                    "Date", "Thu, 17 Nov 2005 18:49:58 GMT",
                    "Authorization", "OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=",
                    "X-OSS-Meta-Author", "foo@bar.com",
                    "X-OSS-Magic", "abracadabra")));
    AccessKey key =
        AccessKey.of("44CF9590006BF252F707", "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV");
    assertThat(authenticator("2005-11-17T18:50:00Z", key).authenticate(request)).isEqualTo(key);
  }

  /**
   * "Include a V4 signature in the Authorization header", the example at its end. The signing key
   * that is printed there does not come from the secret that is printed there, so the two steps are
   * checked apart.
   */
  @Test
  void theV4ExampleOfTheDocumentation() {
    SignedRequest request =
        new SignedRequest(
            "PUT",
            "examplebucket",
            "exampleobject",
            "/examplebucket/exampleobject",
            Query.parse(""),
            HttpHeaders.of(
                Map.of(
                    "content-disposition", "attachment",
                    "content-length", "3",
                    "content-md5", "ICy5YqxZB1uWSwcVLSNLcA==",
                    "content-type", "text/plain",
                    "x-oss-content-sha256", "UNSIGNED-PAYLOAD",
                    "x-oss-date", "20250411T064124Z")));
    SignatureV4 signature =
        new SignatureV4(
            "20250411",
            "cn-hangzhou",
            "20250411T064124Z",
            List.of("content-disposition", "content-length"));
    assertThat(Hmac.hexSha256(signature.canonicalRequest(request).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("c46d96390bdbc2d739ac9363293ae9d710b14e48081fcb22cd8ad54b63136eca");
    byte[] printedKey =
        HexFormat.of().parseHex("3543b7686e65eda71e5e5ca19d548d78423c37e8ddba4dc9d83f90228b457c76");
    assertThat(SignatureV4.of(signature.stringToSign(request), printedKey))
        .isEqualTo("053edbf550ebd239b32a9cdfd93b0b2b3f2d223083aa61f75e9ac16856d61f23");
  }

  private static final String QUERY =
      "%2Bparam1=value3&%2Bparam2=&param1=value1&param2=&%7Cparam1=value4&%7Cparam2=";

  private static Map<String, String> sdkHeaders(String contentType) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-oss-head1", "value");
    headers.put("abc", "value");
    headers.put("ZAbc", "value");
    headers.put("XYZ", "value");
    headers.put("content-type", contentType);
    return headers;
  }

  private static SignedRequest sdkRequest(Map<String, String> headers, String query) {
    return new SignedRequest(
        "PUT",
        "bucket",
        "1234+-/123/1.txt",
        "/bucket/1234+-/123/1.txt",
        Query.parse(query),
        HttpHeaders.of(headers));
  }

  /** The unit tests of Alibaba's SDKs for Go, Python, PHP, C++ and others share these vectors. */
  @Test
  void theV4HeaderOfTheSdks() {
    Map<String, String> headers = sdkHeaders("text/plain");
    headers.put("x-oss-date", "20231216T162057Z");
    headers.put("x-oss-content-sha256", "UNSIGNED-PAYLOAD");
    headers.put(
        "Authorization",
        "OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,"
            + "Signature=e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe");
    AccessKey key = AccessKey.of("ak", "sk");
    assertThat(authenticator("2023-12-16T16:20:57Z", key).authenticate(sdkRequest(headers, QUERY)))
        .isEqualTo(key);
  }

  @Test
  void theV4HeaderOfTheSdksWithASecurityToken() {
    Map<String, String> headers = sdkHeaders("text/plain");
    headers.put("x-oss-date", "20231217T034736Z");
    headers.put("x-oss-content-sha256", "UNSIGNED-PAYLOAD");
    headers.put("x-oss-security-token", "token");
    headers.put(
        "Authorization",
        "OSS4-HMAC-SHA256 Credential=ak/20231217/cn-hangzhou/oss/aliyun_v4_request,"
            + "Signature=b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea");
    AccessKey key = AccessKey.of("ak", "sk").withSecurityToken("token");
    assertThat(authenticator("2023-12-17T03:47:36Z", key).authenticate(sdkRequest(headers, QUERY)))
        .isEqualTo(key);
  }

  @Test
  void theV4UrlOfTheSdks() {
    String query =
        QUERY
            + "&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231217T025437Z"
            + "&x-oss-expires=599"
            + "&x-oss-credential=ak%2F20231217%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"
            + "&x-oss-signature="
            + "a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe";
    AccessKey key = AccessKey.of("ak", "sk");
    SignedRequest request = sdkRequest(sdkHeaders("application/octet-stream"), query);
    assertThat(authenticator("2023-12-17T02:55:00Z", key).authenticate(request)).isEqualTo(key);
  }

  /** "Signature Calculations for the Authorization Header", the examples "GET Object". */
  @Test
  void theGetObjectExampleOfAmazon() {
    SignedRequest request =
        amazon(
            "/test.txt",
            "",
            Map.of(
                "Range",
                "bytes=0-9",
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                    + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="
                    + "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    assertThat(authenticator("2013-05-24T00:00:00Z", AMAZON).authenticate(request))
        .isEqualTo(AMAZON);
  }

  /** The same, "Get Bucket (List Objects)". */
  @Test
  void theListObjectsExampleOfAmazon() {
    SignedRequest request =
        amazon(
            "/",
            "max-keys=2&prefix=J",
            Map.of(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                    + "SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature="
                    + "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
    assertThat(authenticator("2013-05-24T00:00:00Z", AMAZON).authenticate(request))
        .isEqualTo(AMAZON);
  }

  private static final AccessKey AMAZON =
      AccessKey.of("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

  private static SignedRequest amazon(String path, String query, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Host", "examplebucket.s3.amazonaws.com");
    headers.put("x-amz-date", "20130524T000000Z");
    headers.put(
        "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    return new SignedRequest(
        "GET",
        "examplebucket",
        path.substring(1),
        path,
        Query.parse(query),
        HttpHeaders.of(headers));
  }

  private static Authenticator authenticator(String now, AccessKey key) {
    AccessKeys keys = new AccessKeys();
    keys.put(key);
    return new Authenticator(
        keys, Clock.fixed(Instant.parse(now), ZoneOffset.UTC), Optional.empty());
  }
}
