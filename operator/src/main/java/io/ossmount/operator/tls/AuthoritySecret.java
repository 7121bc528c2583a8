package io.ossmount.operator.tls;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.Labels;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Secret that keeps the authority, in the operator's namespace. Made once, by whichever
 * operator is first.
 */
public final class AuthoritySecret {
  private static final String NAME = "ossmount-ca";
  private static final String CERTIFICATE = "ca.crt";
  private static final String KEY = "ca.key";

  private AuthoritySecret() {}

  /**
   * Reads the authority, and makes it if there is none.
   *
   * @throws KubernetesClientException if the API server cannot be asked
   * @throws IllegalArgumentException if the Secret is there and damaged
   */
  public static Authority load(KubernetesClient client, String namespace, Clock clock) {
    var secret = client.secrets().inNamespace(namespace).withName(NAME).get();
    if (secret == null) {
      secret = create(client, namespace, Authority.create(clock));
    }
    return Authority.of(new Identity(read(secret, CERTIFICATE), read(secret, KEY)), clock);
  }

  private static Secret create(KubernetesClient client, String namespace, Identity identity) {
    var fresh =
        new SecretBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .addToLabels(Labels.APP_NAME, Labels.APP_NAME_VALUE)
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .endMetadata()
            .withData(
                Map.of(CERTIFICATE, encode(identity.certificate()), KEY, encode(identity.key())))
            .build();
    try {
      return client.secrets().resource(fresh).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // Another operator was first; its authority is everybody's.
      return client.secrets().inNamespace(namespace).withName(NAME).require();
    }
  }

  private static String read(Secret secret, String key) {
    @Nullable String encoded = secret.getData() == null ? null : secret.getData().get(key);
    if (encoded == null) {
      throw new IllegalArgumentException("Secret " + NAME + " has no key " + key);
    }
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
