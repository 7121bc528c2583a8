package io.ossmount.emulator.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.Rights;
import java.util.Optional;

/**
 * Keys as JSON: {@code {"secret": "s", "securityToken": "t", "rights": "read-only", "prefix": "a/",
 * "enabled": true, "expired": false}}. Fields left out stay as they are; a new key needs a secret.
 * An empty security token means none. Secrets are never written.
 */
final class KeyJson {
  private KeyJson() {}

  static AccessKey read(String id, Optional<AccessKey> existing, JsonNode json) {
    Fields fields =
        Fields.of(json, "secret", "securityToken", "rights", "prefix", "enabled", "expired");
    String secret =
        fields
            .text("secret")
            .or(() -> existing.map(AccessKey::secret))
            .orElseThrow(() -> new IllegalArgumentException("a new key needs a \"secret\""));
    AccessKey base = existing.orElseGet(() -> AccessKey.of(id, secret));
    Rights rights =
        fields
            .text("rights")
            .map(word -> Rights.parse(word).below(base.rights().prefix()))
            .orElse(base.rights());
    return new AccessKey(
        id,
        secret,
        fields.text("securityToken").or(base::securityToken).filter(token -> !token.isEmpty()),
        fields.text("prefix").map(rights::below).orElse(rights),
        fields.truth("enabled", base.isEnabled()),
        fields.truth("expired", base.isExpired()));
  }

  static ObjectNode write(AccessKey key) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", key.id())
        .put("rights", key.rights().word())
        .put("prefix", key.rights().prefix())
        .put("enabled", key.isEnabled())
        .put("expired", key.isExpired())
        .put("hasSecurityToken", key.securityToken().isPresent());
  }
}
