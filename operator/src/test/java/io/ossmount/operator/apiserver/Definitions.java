package io.ossmount.operator.apiserver;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.ossmount.api.v1alpha1.OssMount;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.awaitility.Awaitility;

/** CustomResourceDefinitions that are made in an API server. */
public final class Definitions {
  private static final Duration SERVED_WITHIN = Duration.ofSeconds(60);

  private Definitions() {}

  /** Makes one of the crds module, such as {@code ossmounts.ossmount.io}. */
  public static void create(KubernetesClient client, String name) throws IOException {
    try (InputStream yaml =
        OssMount.class.getResourceAsStream("/META-INF/fabric8/" + name + "-v1.yml")) {
      create(
          client,
          client.getKubernetesSerialization().unmarshal(yaml, CustomResourceDefinition.class));
    }
  }

  /**
   * Makes it, and waits until its objects can be listed: when it is established, the API server
   * says for a moment still that it knows no such thing.
   */
  public static void create(KubernetesClient client, CustomResourceDefinition definition) {
    client.resource(definition).create();
    var objects =
        client
            .genericKubernetesResources(CustomResourceDefinitionContext.fromCrd(definition))
            .inAnyNamespace();
    Awaitility.await()
        .atMost(SERVED_WITHIN)
        .ignoreException(KubernetesClientException.class)
        .until(() -> objects.list() != null);
  }
}
