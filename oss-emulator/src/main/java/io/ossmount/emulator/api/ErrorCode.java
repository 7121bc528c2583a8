package io.ossmount.emulator.api;

/**
 * Error codes of OSS with their HTTP status and usual message, from its documentation ("Error
 * responses" and the pages of the operations).
 */
public enum ErrorCode {
  ACCESS_DENIED(
      "AccessDenied", 403, "You have no right to access this object because of bucket acl."),
  BUCKET_NOT_EMPTY("BucketNotEmpty", 409, "The bucket you tried to delete is not empty."),
  ENTITY_TOO_LARGE(
      "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size."),
  ENTITY_TOO_SMALL(
      "EntityTooSmall", 400, "Your proposed upload smaller than the minimum allowed size."),
  FILE_ALREADY_EXISTS(
      "FileAlreadyExists",
      409,
      "The object you specified already exists and can not be overwritten."),
  INTERNAL_ERROR("InternalError", 500, "We encountered an internal error. Please try again."),
  INVALID_ACCESS_KEY_ID(
      "InvalidAccessKeyId",
      403,
      "The OSS Access Key Id you provided does not exist in our records."),
  INVALID_ARGUMENT("InvalidArgument", 400, "Invalid Argument."),
  INVALID_BUCKET_NAME("InvalidBucketName", 400, "The specified bucket is not valid."),
  INVALID_DIGEST("InvalidDigest", 400, "The Content-MD5 you specified was invalid."),
  INVALID_OBJECT_NAME("InvalidObjectName", 400, "The specified object is not valid."),
  INVALID_PART(
      "InvalidPart",
      400,
      "One or more of the specified parts could not be found or the specified entity tag might not"
          + " have matched the part's entity tag."),
  INVALID_PART_ORDER(
      "InvalidPartOrder",
      400,
      "The list of parts was not in ascending order. Parts list must specified in order by part"
          + " number."),
  INVALID_RANGE("InvalidRange", 416, "The requested range cannot be satisfied"),
  INVALID_SECURITY_TOKEN(
      "InvalidSecurityToken", 403, "The security token you provided is invalid."),
  INVALID_TARGET_TYPE("InvalidTargetType", 400, "The symbolic's target object type is invalid"),
  INVALID_URI("InvalidURI", 400, "Couldn't parse the specified URI."),
  MALFORMED_XML(
      "MalformedXML", 400, "The XML you provided was not well-formed or did not validate."),
  MISSING_ARGUMENT("MissingArgument", 400, "Missing Some Required Arguments."),
  MISSING_CONTENT_LENGTH(
      "MissingContentLength", 411, "You must provide the Content-Length HTTP header."),
  NOT_IMPLEMENTED(
      "NotImplemented",
      501,
      "A header you provided implies functionality that is not implemented."),
  NOT_MODIFIED("NotModified", 304, "Not Modified"),
  NOT_SYMLINK("NotSymlink", 400, "The object is not symlink object."),
  NO_SUCH_BUCKET("NoSuchBucket", 404, "The specified bucket does not exist."),
  NO_SUCH_KEY("NoSuchKey", 404, "The specified key does not exist."),
  NO_SUCH_UPLOAD(
      "NoSuchUpload",
      404,
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
          + " been aborted or completed."),
  OBJECT_NOT_APPENDABLE("ObjectNotAppendable", 409, "The object is not appendable"),
  POSITION_NOT_EQUAL_TO_LENGTH(
      "PositionNotEqualToLength", 409, "Position is not equal to file length"),
  PRECONDITION_FAILED(
      "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold."),
  QPS_LIMIT_EXCEEDED(
      "QpsLimitExceeded", 503, "Please reduce your request rate. Your qps limit is exceeded."),
  REQUEST_TIME_TOO_SKEWED(
      "RequestTimeTooSkewed",
      403,
      "The difference between the request time and the current time is too large."),
  SIGNATURE_DOES_NOT_MATCH(
      "SignatureDoesNotMatch",
      403,
      "The request signature we calculated does not match the signature you provided. Check your"
          + " key and signing method."),
  SLOW_DOWN("SlowDown", 503, "Please reduce your request rate."),
  SYMLINK_TARGET_NOT_EXIST(
      "SymlinkTargetNotExist", 404, "The symlink target object does not exist");

  private final String code;
  private final int status;
  private final String message;

  ErrorCode(String code, int status, String message) {
    this.code = code;
    this.status = status;
    this.message = message;
  }

  /** As it stands in the XML. */
  public String code() {
    return code;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** What OSS says unless it knows more. */
  public String message() {
    return message;
  }
}
