package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking for the credentials that an OssMount refers to: a value, never an exception.
 */
public sealed interface CredentialsLookup {
  /** They are there. */
  record Found(Credentials credentials) implements CredentialsLookup {}

  /** There is no such Secret. */
  record SecretMissing(String secret) implements CredentialsLookup {}

  /**
   * The Secret has no such key, or nothing in it.
   *
   * @param key the name that users are told to write
   */
  record KeyMissing(String secret, String key) implements CredentialsLookup {}

  /** The API server did not let the operator see the Secret. */
  record Unreadable(String secret, String reason) implements CredentialsLookup {}

  /**
   * Names of the keys, the one that users are told to write first; the others are those of other
   * drivers for OSS.
   */
  List<String> ACCESS_KEY_ID = List.of("accessKeyId", "fs.oss.accessKeyId", "akId");

  /** Likewise. */
  List<String> ACCESS_KEY_SECRET = List.of("accessKeySecret", "fs.oss.accessKeySecret", "akSecret");

  /** Likewise. */
  List<String> SECURITY_TOKEN = List.of("securityToken", "fs.oss.securityToken");

  /**
   * Looks into a Secret.
   *
   * @param name of the Secret
   * @param secret null: there is none
   */
  static CredentialsLookup in(String name, @Nullable Secret secret) {
    if (secret == null) {
      return new SecretMissing(name);
    }
    var data = Objects.requireNonNullElseGet(secret.getData(), Map::<String, String>of);
    var id = read(data, ACCESS_KEY_ID);
    if (id.isEmpty()) {
      return new KeyMissing(name, ACCESS_KEY_ID.getFirst());
    }
    var key = read(data, ACCESS_KEY_SECRET);
    if (key.isEmpty()) {
      return new KeyMissing(name, ACCESS_KEY_SECRET.getFirst());
    }
    return new Found(new Credentials(id.get(), key.get(), read(data, SECURITY_TOKEN).orElse("")));
  }

  private static Optional<String> read(Map<String, String> data, List<String> names) {
    return names.stream()
        .map(data::get)
        .filter(Objects::nonNull)
        .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
        // An editor's or echo's newline at the end is never a part of a key.
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
