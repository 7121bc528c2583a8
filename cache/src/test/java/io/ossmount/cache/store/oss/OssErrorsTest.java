package io.ossmount.cache.store.oss;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.oss.ClientErrorCode;
import com.aliyun.oss.ClientException;
import com.aliyun.oss.OSSException;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreException.Denied;
import io.ossmount.cache.store.StoreException.Denied.Reason;
import io.ossmount.cache.store.oss.OssErrors.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OssErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "NoSuchKey, NotFound",
    "NoSuchVersion, NotFound",
    "SymlinkTargetNotExist, NotFound",
    "NoSuchBucket, BucketNotFound",
    "InvalidBucketName, BucketNotFound",
    "PreconditionFailed, VersionChanged",
    "FileAlreadyExists, VersionChanged",
    "NotModified, VersionChanged",
    "InternalError, Unavailable",
    "ServiceUnavailable, Unavailable",
    "SlowDown, Unavailable",
    "RequestTimeout, Unavailable",
    "QpsLimitExceeded, Unavailable",
    "TotalQpsLimitExceeded, Unavailable",
    "DownloadTrafficRateLimitExceeded, Unavailable",
    "UploadTrafficRateLimitExceeded, Unavailable",
    "SomeNewRateLimitExceeded, Unavailable",
    "RequestThrottled, Unavailable",
    "InvalidResponse, Unavailable",
    "InvalidDigest, Corrupted",
    "BadDigest, Corrupted",
    "NoSuchUpload, Invalid",
    "InvalidPart, Invalid",
    "InvalidPartOrder, Invalid",
    "EntityTooSmall, Invalid",
    "EntityTooLarge, Invalid",
    "InvalidArgument, Invalid",
    "InvalidObjectName, Invalid",
    "InvalidRange, Invalid",
    "MalformedXML, Invalid",
    "MissingContentLength, Invalid",
    "FileImmutable, Invalid",
    "ObjectNotAppendable, Invalid",
    "InvalidObjectState, Invalid",
    "NotImplemented, Invalid",
    "OperationNotSupported, Invalid",
    "SomethingNobodyKnows, Invalid",
  })
  void codes_of_oss_are_translated(String code, String expected) {
    assertThat(translate(code, Kind.READ).getClass().getSimpleName()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidAccessKeyId, INVALID_ACCESS_KEY",
    "UserDisable, INVALID_ACCESS_KEY",
    "SignatureDoesNotMatch, SIGNATURE_MISMATCH",
    "InvalidSecurityToken, INVALID_SECURITY_TOKEN",
    "SecurityTokenExpired, INVALID_SECURITY_TOKEN",
    "SecurityTokenNotSupported, INVALID_SECURITY_TOKEN",
    "RequestTimeTooSkewed, CLOCK_SKEW",
    "AccessDenied, ACCESS_DENIED",
    "AccessForbidden, ACCESS_DENIED",
  })
  void denials_have_their_reason(String code, Reason reason) {
    assertThat(translate(code, Kind.READ))
        .isInstanceOfSatisfying(
            Denied.class, denied -> assertThat(denied.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @CsvSource({"LIST, LIST_DENIED", "READ, ACCESS_DENIED", "WRITE, WRITE_DENIED"})
  void the_right_that_is_missing_is_that_of_what_was_tried(Kind kind, Reason reason) {
    assertThat(translate("AccessDenied", kind))
        .isInstanceOfSatisfying(
            Denied.class, denied -> assertThat(denied.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ClientErrorCode.UNKNOWN_HOST,
        ClientErrorCode.CONNECTION_TIMEOUT,
        ClientErrorCode.CONNECTION_REFUSED,
        ClientErrorCode.SOCKET_TIMEOUT,
        ClientErrorCode.SOCKET_EXCEPTION,
        ClientErrorCode.SSL_EXCEPTION,
        ClientErrorCode.UNKNOWN,
      })
  void a_connection_that_fails_is_unreachable(String code) {
    ClientException thrown = new ClientException("said\n[more]", code, "request");

    assertThat(OssErrors.of(thrown, Kind.READ, "GET b/k"))
        .isInstanceOf(StoreException.Unreachable.class)
        .hasMessage("GET b/k: said");
  }

  @Test
  void a_message_names_what_was_done_and_what_oss_said() {
    assertThat(translate("NoSuchKey", Kind.READ))
        .hasMessage("GET bucket/key: OSS says NoSuchKey: The message. (request REQ)");
  }

  @Test
  void an_interrupted_thread_is_not_told_of_a_broken_socket() {
    Thread.currentThread().interrupt();
    try {
      assertThat(OssErrors.of(new IOException("Closed by interrupt"), "GET b/k"))
          .isInstanceOf(StoreException.Interrupted.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_name_that_the_sdk_refuses_is_invalid() {
    assertThat(OssErrors.of(new IllegalArgumentException("bad name"), Kind.WRITE, "PUT"))
        .isInstanceOf(StoreException.Invalid.class);
  }

  private static StoreException translate(String code, Kind kind) {
    return OssErrors.of(
        new OSSException("The message.\nmore", code, "REQ", "host", "header", "type", "GET"),
        kind,
        "GET bucket/key");
  }
}
