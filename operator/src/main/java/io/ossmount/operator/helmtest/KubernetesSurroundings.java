package io.ossmount.operator.helmtest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.ossmount.api.v1alpha1.LocalReference;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.api.v1alpha1.OssMountTestSpec;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as the API server tells it. */
final class KubernetesSurroundings implements Surroundings {
  private static final String OPERATOR = "ossmount-operator";

  private final KubernetesClient client;
  private final String namespace;

  /** The cluster, and the namespace of the chart's release. */
  KubernetesSurroundings(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public Optional<String> missingDefinition() {
    for (Class<? extends HasMetadata> kind : List.of(OssMount.class, OssMountTest.class)) {
      try {
        var _ =
            client
                .resources(kind)
                .inAnyNamespace()
                .list(new ListOptionsBuilder().withLimit(1L).build());
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
          throw e;
        }
        return Optional.of(
            "There is no definition of %s: apply the chart's crds directory."
                .formatted(HasMetadata.getKind(kind)));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean isOperatorReady() {
    var deployment = client.apps().deployments().inNamespace(namespace).withName(OPERATOR).get();
    return deployment != null && Readiness.getInstance().isReady(deployment);
  }

  @Override
  public String makeTest(String inNamespace, String ossMount) {
    var test = new OssMountTest();
    test.getMetadata().setNamespace(inNamespace);
    test.getMetadata().setGenerateName("helm-test-");
    test.setSpec(new OssMountTestSpec(new LocalReference(ossMount), true, Map.of(), "10m", "1h"));
    return client.resource(test).create().getMetadata().getName();
  }

  @Override
  public Optional<OssMountTestStatus> status(String inNamespace, String test) {
    return Optional.ofNullable(
            client.resources(OssMountTest.class).inNamespace(inNamespace).withName(test).get())
        .map(OssMountTest::getStatus);
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
