package io.ossmount.operator.observe;

/**
 * Credentials of OSS; immutable. In no text but by their accessors.
 *
 * @param securityToken of temporary (STS) credentials, else ""
 */
public record Credentials(String accessKeyId, String accessKeySecret, String securityToken) {
  /** None: the cache pod says that they are missing. */
  public static final Credentials NONE = new Credentials("", "", "");

  @Override
  public String toString() {
    return "Credentials[redacted]";
  }
}
