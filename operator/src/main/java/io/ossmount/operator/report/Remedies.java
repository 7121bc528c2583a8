package io.ossmount.operator.report;

/**
 * What a user can do about a bucket that cannot be used, in the words of the spec's fields. The
 * reasons are those of {@code StoreCheck.reason} in the control service.
 */
final class Remedies {
  private Remedies() {}

  /**
   * The message with the remedy behind it, if one is known.
   *
   * @param fields before the names of the fields that say where the bucket is, such as spec.
   * @param secret with the credentials
   */
  static String append(String message, String reason, String fields, String secret) {
    var remedy = of(reason, fields, secret);
    return remedy.isEmpty() ? message : message + "; " + remedy;
  }

  private static String of(String reason, String fields, String secret) {
    return switch (reason) {
      case "InvalidAccessKey" ->
          "check accessKeyId (and securityToken, if any) in Secret " + secret;
      case "SignatureMismatch" -> "check accessKeySecret in Secret " + secret;
      case "CredentialsMissing" ->
          "the cache pod gets the credentials of Secret " + secret + " shortly";
      case "ClockSkew" -> "set the clock of the node";
      case "ListDenied" ->
          "allow the key to list %sdirectory of the bucket (oss:ListObjects)".formatted(fields);
      case "WriteDenied" ->
          "allow the key to write (oss:PutObject, oss:AbortMultipartUpload), or set %sreadOnly: true"
              .formatted(fields);
      case "AccessDenied" -> "allow the key to use the bucket";
      case "BucketNotFound" ->
          "check %sbucket and %<sendpoint, or create the bucket".formatted(fields);
      case "EndpointUnreachable" ->
          "check %sendpoint and the network of the node".formatted(fields);
      case "CacheDiskFailed" ->
          "see to the disk of the cache directory (is it full or read-only?); it is tried again by itself";
      default -> "";
    };
  }
}
