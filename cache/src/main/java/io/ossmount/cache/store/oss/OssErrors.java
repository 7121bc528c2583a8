package io.ossmount.cache.store.oss;

import com.aliyun.oss.ClientException;
import com.aliyun.oss.ServiceException;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreException.Denied;
import io.ossmount.cache.store.StoreException.Denied.Reason;
import java.io.IOException;
import java.util.Locale;

/**
 * The one place where what the SDK throws becomes a {@link StoreException}.
 *
 * @see <a href="https://help.aliyun.com/zh/oss/developer-reference/error-codes">OSS error codes</a>
 */
final class OssErrors {
  private OssErrors() {}

  /** What was tried: decides what kind of right is missing. */
  enum Kind {
    LIST,
    READ,
    WRITE
  }

  /**
   * Translates.
   *
   * @param doing what was done to which bucket and key, for the message
   */
  static StoreException of(RuntimeException thrown, Kind kind, String doing) {
    return switch (thrown) {
      case StoreException already -> already;
      case ServiceException service -> ofService(service, kind, doing);
      case ClientException client -> ofConnection(client, doing, client.getErrorMessage());
      // The SDK checks names before it sends them.
      case IllegalArgumentException refused ->
          new StoreException.Invalid(doing + ": " + firstLine(refused.getMessage()));
      default -> ofConnection(thrown, doing, thrown.toString());
    };
  }

  /** A body broke. */
  static StoreException of(IOException thrown, String doing) {
    return ofConnection(thrown, doing, thrown.toString());
  }

  private static StoreException ofConnection(Throwable thrown, String doing, String said) {
    // Interrupting a virtual thread closes the socket that it waits for.
    if (Thread.currentThread().isInterrupted()) {
      return new StoreException.Interrupted(doing);
    }
    return new StoreException.Unreachable(doing + ": " + firstLine(said), thrown);
  }

  private static StoreException ofService(ServiceException thrown, Kind kind, String doing) {
    String code = thrown.getErrorCode() == null ? "" : thrown.getErrorCode();
    String message =
        "%s: OSS says %s: %s (request %s)"
            .formatted(doing, code, firstLine(thrown.getErrorMessage()), thrown.getRequestId());
    return switch (code) {
      case "NoSuchKey", "NoSuchObject", "SymlinkTargetNotExist", "NoSuchVersion" ->
          new StoreException.NotFound(message);
      case "NoSuchBucket", "InvalidBucketName" -> new StoreException.BucketNotFound(message);
      case "PreconditionFailed", "NotModified", "FileAlreadyExists" ->
          new StoreException.VersionChanged(message);
      case "InvalidAccessKeyId",
          "InvalidAccessKeyId.NotFound",
          "InvalidAccessKeyId.Inactive",
          "InvalidAccessKey",
          "UserDisable" ->
          new Denied(Reason.INVALID_ACCESS_KEY, message);
      case "SignatureDoesNotMatch" -> new Denied(Reason.SIGNATURE_MISMATCH, message);
      case "InvalidSecurityToken", "SecurityTokenExpired", "SecurityTokenNotSupported" ->
          new Denied(Reason.INVALID_SECURITY_TOKEN, message);
      case "RequestTimeTooSkewed", "RequestTimeInvalid" -> new Denied(Reason.CLOCK_SKEW, message);
      case "AccessDenied", "AccessForbidden", "Forbidden" -> new Denied(missing(kind), message);
      case "InvalidDigest", "BadDigest" -> new StoreException.Corrupted(message);
      case "InternalError",
          "ServiceUnavailable",
          "ServerBusy",
          "SlowDown",
          "RequestTimeout",
          "ConnectionTimeout",
          "QpsLimitExceeded",
          "TotalQpsLimitExceeded",
          "ObjectQpsLimitExceeded",
          "DownloadTrafficRateLimitExceeded",
          "UploadTrafficRateLimitExceeded",
          "OperationNotPermitted.Temporary",
          "InvalidResponse",
          "Unknown",
          "" ->
          new StoreException.Unavailable(message);
      default ->
          soundsTemporary(code)
              ? new StoreException.Unavailable(message)
              : new StoreException.Invalid(message);
    };
  }

  /** New kinds of throttling appear now and then. */
  private static boolean soundsTemporary(String code) {
    String lower = code.toLowerCase(Locale.ROOT);
    return lower.contains("limitexceeded")
        || lower.contains("throttl")
        || lower.contains("unavailable")
        || lower.contains("busy")
        || lower.contains("timeout");
  }

  private static Reason missing(Kind kind) {
    return switch (kind) {
      case LIST -> Reason.LIST_DENIED;
      case READ -> Reason.ACCESS_DENIED;
      case WRITE -> Reason.WRITE_DENIED;
    };
  }

  /** Messages of the SDK go on over several lines, with what nobody needs. */
  private static String firstLine(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
