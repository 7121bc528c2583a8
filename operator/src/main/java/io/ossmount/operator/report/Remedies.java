package io.ossmount.operator.report;

import io.ossmount.api.v1alpha1.OssMountSpec;

/**
 * What a user can do about a bucket that cannot be used, in the words of the spec's fields. The
 * reasons are those of {@code StoreCheck.reason} in the control service.
 */
final class Remedies {
  private Remedies() {}

  /** The message with the remedy behind it, if one is known. */
  static String append(String message, String reason, OssMountSpec spec) {
    var remedy = of(reason, spec);
    return remedy.isEmpty() ? message : message + "; " + remedy;
  }

  private static String of(String reason, OssMountSpec spec) {
    var secret = spec.secretRef().name();
    return switch (reason) {
      case "InvalidAccessKey" ->
          "check accessKeyId (and securityToken, if any) in Secret " + secret;
      case "SignatureMismatch" -> "check accessKeySecret in Secret " + secret;
      case "CredentialsMissing" ->
          "the cache pod gets the credentials of Secret " + secret + " shortly";
      case "ClockSkew" -> "set the clock of the node";
      case "ListDenied" -> "allow the key to list spec.directory of the bucket (oss:ListObjects)";
      case "WriteDenied" ->
          "allow the key to write (oss:PutObject, oss:AbortMultipartUpload), or set spec.readOnly:"
              + " true";
      case "AccessDenied" -> "allow the key to use the bucket";
      case "BucketNotFound" -> "check spec.bucket and spec.endpoint, or create the bucket";
      case "EndpointUnreachable" -> "check spec.endpoint and the network of the node";
      default -> "";
    };
  }
}
