package io.ossmount.operator.report;

import io.ossmount.operator.observe.CredentialsLookup;

/** Says what came of looking for credentials. */
final class CredentialsFinding {
  private CredentialsFinding() {}

  /**
   * The finding.
   *
   * @param type of the condition
   * @param field that names the Secret, such as spec.secretRef
   */
  static Finding of(String type, String field, CredentialsLookup lookup) {
    return switch (lookup) {
      case CredentialsLookup.Found _ ->
          Finding.yes(type, Reasons.RESOLVED, "the Secret has the credentials");
      case CredentialsLookup.SecretMissing(String secret) ->
          Finding.no(
              type,
              Reasons.SECRET_MISSING,
              "%s: there is no Secret %s in this namespace; create it".formatted(field, secret));
      case CredentialsLookup.KeyMissing(String secret, String key) ->
          Finding.no(
              type,
              Reasons.SECRET_KEY_MISSING,
              "%s: Secret %s has no key %s; add it".formatted(field, secret, key));
      case CredentialsLookup.Unreadable(String secret, String reason) ->
          Finding.no(
              type,
              Reasons.SECRET_UNREADABLE,
              "%s: the operator may not read Secret %s: %s".formatted(field, secret, reason));
    };
  }
}
