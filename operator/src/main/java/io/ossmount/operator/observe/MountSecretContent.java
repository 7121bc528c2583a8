package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Secret;
import io.ossmount.operator.tls.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is in the Secret that an OssMount's cache pods mount. Holds credentials: in no text but by
 * its accessors.
 *
 * @param mountJson the configuration
 * @param authority certificate of the authority, PEM
 * @param server identity of the cache pods
 */
public record MountSecretContent(String mountJson, String authority, Identity server) {
  /** Key of the configuration; read by the cache pod. */
  public static final String MOUNT_JSON = "mount.json";

  /** Key of the authority's certificate; read by the cache pod. */
  public static final String CA_CRT = "ca.crt";

  /** Key of the cache pods' certificate; read by the cache pod. */
  public static final String TLS_CRT = "tls.crt";

  /** Key of the cache pods' private key; read by the cache pod. */
  public static final String TLS_KEY = "tls.key";

  /** What is in a Secret; what it lacks is "". Null if there is no Secret. */
  static @Nullable MountSecretContent in(@Nullable Secret secret) {
    if (secret == null) {
      return null;
    }
    var data = Objects.requireNonNullElseGet(secret.getData(), Map::<String, String>of);
    return new MountSecretContent(
        read(data, MOUNT_JSON),
        read(data, CA_CRT),
        new Identity(read(data, TLS_CRT), read(data, TLS_KEY)));
  }

  private static String read(Map<String, String> data, String key) {
    var encoded = data.get(key);
    return encoded == null
        ? ""
        : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "MountSecretContent[redacted]";
  }
}
