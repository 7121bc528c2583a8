package io.ossmount.csi.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster through the API server, without a cache: a stale answer would give access away. */
public final class KubernetesCluster implements Cluster, AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
  private static final int RETRIES = 1;

  private final KubernetesClient client;

  /** Reads through {@code client}, and closes it in the end. */
  public KubernetesCluster(KubernetesClient client) {
    this.client = client;
  }

  /** The cluster that this process runs in, or that KUBECONFIG names. */
  public static KubernetesCluster connect() {
    var config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
            .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
            .withRequestRetryBackoffLimit(RETRIES)
            .build();
    return new KubernetesCluster(new KubernetesClientBuilder().withConfig(config).build());
  }

  @Override
  public Optional<OssMount> ossMount(String namespace, String name) {
    return ask(
        "OssMount " + namespace + "/" + name,
        () -> client.resources(OssMount.class).inNamespace(namespace).withName(name).get());
  }

  @Override
  public List<OssMount> ossMounts() {
    return ask(
            "OssMounts", () -> client.resources(OssMount.class).inAnyNamespace().list().getItems())
        .orElseThrow(() -> new Unavailable("the CustomResourceDefinition of OssMount is missing"));
  }

  @Override
  public AutoCloseable onOssMountDeleted(Runnable action) {
    var watch = new DeletionWatch(client, action);
    watch.open();
    return watch;
  }

  @Override
  public List<PodOfNode> podsOn(String nodeName) {
    return ask(
            "the pods of node " + nodeName, () -> client.pods().inAnyNamespace().list(on(nodeName)))
        .map(list -> list.getItems().stream().map(KubernetesCluster::podOfNode).toList())
        .orElseThrow(() -> new Unavailable("the Kubernetes API knows no pods"));
  }

  /** Writes Events, until it is closed or this is. */
  public KubernetesEvents events(String nodeName) {
    return new KubernetesEvents(client, nodeName, Clock.systemUTC());
  }

  @Override
  public Optional<Map<String, String>> claimAnnotations(String namespace, String name) {
    return ask(
            "PersistentVolumeClaim " + namespace + "/" + name,
            () -> client.persistentVolumeClaims().inNamespace(namespace).withName(name).get())
        .map(HasMetadata::getMetadata)
        .map(ObjectMeta::getAnnotations);
  }

  @Override
  public Optional<Map<String, String>> namespaceLabels(String namespace) {
    return ask("Namespace " + namespace, () -> client.namespaces().withName(namespace).get())
        .map(HasMetadata::getMetadata)
        .map(ObjectMeta::getLabels);
  }

  @Override
  public void close() {
    client.close();
  }

  /** As kubelet asks: answered from the API server's memory, not from etcd. */
  private static ListOptions on(String nodeName) {
    return new ListOptionsBuilder()
        .withFieldSelector("spec.nodeName=" + nodeName)
        .withResourceVersion("0")
        .build();
  }

  private static PodOfNode podOfNode(Pod pod) {
    var metadata = pod.getMetadata();
    return new PodOfNode(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        metadata.getDeletionTimestamp() != null);
  }

  private static <T> Optional<T> ask(String what, Supplier<@Nullable T> question) {
    try {
      return Optional.ofNullable(question.get());
    } catch (KubernetesClientException e) {
      var answer = e.getCode() == 0 ? "no answer" : "HTTP " + e.getCode();
      throw new Unavailable("the Kubernetes API does not give " + what + ": " + answer);
    }
  }
}
