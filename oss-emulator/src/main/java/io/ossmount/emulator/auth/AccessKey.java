package io.ossmount.emulator.auth;

import java.util.Optional;

/**
 * An access key of the account, or temporary credentials of STS.
 *
 * @param id public part
 * @param secret signs requests; never shown
 * @param securityToken must come with each request; empty: none may come
 * @param rights what may be done
 * @param isEnabled false: refused as OSS refuses a disabled key
 * @param isExpired true: refused as an expired security token
 */
public record AccessKey(
    String id,
    String secret,
    Optional<String> securityToken,
    Rights rights,
    boolean isEnabled,
    boolean isExpired) {
  /** A key that may do everything. */
  public static AccessKey of(String id, String secret) {
    return of(id, secret, Rights.FULL);
  }

  /** A key with rights. */
  public static AccessKey of(String id, String secret, Rights rights) {
    return new AccessKey(id, secret, Optional.empty(), rights, true, false);
  }

  /**
   * Reads ID:SECRET[:RIGHTS[:PREFIX]].
   *
   * @throws IllegalArgumentException something else
   */
  public static AccessKey parse(String text) {
    String[] parts = text.split(":", 4);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("an access key is ID:SECRET[:RIGHTS[:PREFIX]]");
    }
    Rights rights = parts.length > 2 ? Rights.parse(parts[2]) : Rights.FULL;
    return of(parts[0], parts[1], parts.length > 3 ? rights.below(parts[3]) : rights);
  }

  /** The same with a security token. */
  public AccessKey withSecurityToken(String token) {
    return new AccessKey(id, secret, Optional.of(token), rights, isEnabled, isExpired);
  }

  /** The same with other rights. */
  public AccessKey withRights(Rights other) {
    return new AccessKey(id, secret, securityToken, other, isEnabled, isExpired);
  }

  /** The same, on or off. */
  public AccessKey enabled(boolean enabled) {
    return new AccessKey(id, secret, securityToken, rights, enabled, isExpired);
  }

  /** The same, its token expired or not. */
  public AccessKey expired(boolean expired) {
    return new AccessKey(id, secret, securityToken, rights, isEnabled, expired);
  }

  @Override
  public String toString() {
    return "AccessKey[id=%s, rights=%s, prefix=%s, enabled=%s]"
        .formatted(id, rights.word(), rights.prefix(), isEnabled);
  }
}
