package io.ossmount.operator.observe;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets of a namespace, each asked for once, however many refer to it. For one thread and one
 * moment.
 */
final class Secrets {
  private final KubernetesClient client;
  private final String namespace;
  private final Map<String, CredentialsLookup> known = new HashMap<>();

  Secrets(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** What comes of looking for credentials in a Secret. */
  CredentialsLookup credentials(String name) {
    return known.computeIfAbsent(name, this::look);
  }

  /** A Secret; null: there is none. */
  @Nullable Secret get(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private CredentialsLookup look(String name) {
    try {
      return CredentialsLookup.in(name, get(name));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return new CredentialsLookup.Unreadable(name, requireNonNullElse(e.getMessage(), ""));
      }
      throw e;
    }
  }
}
