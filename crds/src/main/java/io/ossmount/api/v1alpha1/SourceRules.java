package io.ossmount.api.v1alpha1;

/**
 * What may stand in the fields that say where objects are: the same in the spec itself and in each
 * of its nested mounts, and in the defaults of an installation. The expressions are CEL of the API
 * server; each is cheap enough to be evaluated for {@value OssMountSpec#MAX_MOUNTS} mounts.
 */
public final class SourceRules {
  static final long BUCKET_LENGTH = 255;
  static final String IS_BUCKET = "self.matches('^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$')";
  static final String BUCKET_MESSAGE =
      "a bucket name has 3 to 63 characters of a-z, 0-9 and -, and neither starts nor ends with -";

  static final long DIRECTORY_LENGTH = 900;
  static final String HAS_NO_SLASH_AT_ITS_ENDS = "!self.startsWith('/') && !self.endsWith('/')";
  static final String DIRECTORY_SLASH_MESSAGE =
      "write the directory without a slash at its start and end, as in datasets/imagenet";
  static final String HAS_NO_EMPTY_SEGMENT = "!self.contains('//')";
  static final String DIRECTORY_SEGMENT_MESSAGE =
      "the directory has an empty segment; write one slash between segments";
  static final String HAS_NO_DOTS = "!self.matches('(^|/)[.][.]?(/|$)')";
  static final String DIRECTORY_DOTS_MESSAGE =
      "a segment of the directory must not be . or ..; name the directory from the bucket's root";
  static final String HAS_NO_CONTROL_CHARACTER = "!self.matches('[\\\\x00-\\\\x1f\\\\x7f]')";
  static final String DIRECTORY_CHARACTER_MESSAGE =
      "the directory must not contain control characters";

  static final long ENDPOINT_LENGTH = 255;

  /** Regular expression of an endpoint. */
  public static final String ENDPOINT =
      "^(https?://)?([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$";

  static final String IS_ENDPOINT = "self.matches(r'" + ENDPOINT + "')";
  static final String ENDPOINT_MESSAGE =
      "an endpoint is a host with an optional https:// or http:// before and an optional :port"
          + " behind it, without path or query, as in https://oss-cn-shanghai.aliyuncs.com";

  static final long REGION_LENGTH = 64;

  /** Regular expression of a region, which besides does not start with {@code oss-}. */
  public static final String REGION = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";

  static final String IS_REGION = "self.matches('" + REGION + "') && !self.startsWith('oss-')";
  static final String REGION_MESSAGE =
      "a region is written as in cn-shanghai, without oss- before it";

  static final String ENDPOINT_HAS_NO_BUCKET =
      "!has(self.endpoint) || !self.endpoint.lowerAscii().replace('https://',"
          + " '').replace('http://', '').startsWith(self.bucket + '.')";
  static final String ENDPOINT_HAS_BUCKET_MESSAGE =
      "endpoint must not contain the bucket; write it without, as in oss-cn-shanghai.aliyuncs.com";

  /**
   * Regular expression of an endpoint with its region in its name, which besides does not contain
   * {@code oss-accelerate}.
   */
  public static final String ENDPOINT_OF_A_REGION =
      "^(https?://)?oss-[a-z0-9-]+[.]aliyuncs[.]com(:[0-9]+)?$";

  static final String REGION_IS_KNOWN =
      "!has(self.endpoint) || has(self.region) || (self.endpoint.matches('"
          + ENDPOINT_OF_A_REGION
          + "') && !self.endpoint.contains('oss-accelerate'))";
  static final String REGION_IS_MISSING_MESSAGE =
      "region is required: it cannot be taken from this endpoint; add the bucket's region, such as"
          + " cn-shanghai";

  static final String ENDPOINT_IS_THERE =
      "has(self.endpoint) || (!has(self.region) && !has(self.addressingStyle))";

  private SourceRules() {}
}
