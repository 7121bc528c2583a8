package io.ossmount.operator.uninstall;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.ossmount.api.Driver;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.operator.observe.PendingUploads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The installation as the API server and the node plugins tell it. */
final class KubernetesInstallation implements Installation {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final Map<String, String> CACHE_PODS =
      Map.of(Labels.APP_NAME, Labels.APP_NAME_VALUE, Labels.COMPONENT, Labels.COMPONENT_CACHE);
  private static final Map<String, String> NODE_PLUGINS =
      Map.of(Labels.APP_NAME, Labels.APP_NAME_VALUE, Labels.COMPONENT, "node");

  private final KubernetesClient client;
  private final String namespace;

  /** The installation of the chart's release in {@code namespace}. */
  KubernetesInstallation(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public List<String> volumes() {
    return client.persistentVolumes().list().getItems().stream()
        .filter(KubernetesInstallation::isOurs)
        .map(KubernetesInstallation::inWords)
        .sorted()
        .toList();
  }

  @Override
  public List<MountName> ossMounts() {
    return names(OssMount.class);
  }

  @Override
  public List<MountName> ossMountTests() {
    try {
      return names(OssMountTest.class);
    } catch (KubernetesClientException e) {
      // An older release's definitions may be all that there are.
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void deleteTest(MountName test) {
    client
        .resources(OssMountTest.class)
        .inNamespace(test.namespace())
        .withName(test.name())
        .delete();
  }

  @Override
  public void delete(MountName mount) {
    client.resources(OssMount.class).inNamespace(mount.namespace()).withName(mount.name()).delete();
  }

  @Override
  public List<String> pendingWrites() {
    return client.resources(OssMount.class).inAnyNamespace().list().getItems().stream()
        .flatMap(KubernetesInstallation::pendingWrites)
        .toList();
  }

  private static Stream<String> pendingWrites(OssMount mount) {
    var status = mount.getStatus();
    if (status == null || status.pending() == null) {
      return Stream.empty();
    }
    var forgotten = PendingUploads.forgetting(mount);
    return status.pending().nodes().stream()
        .filter(node -> !forgotten.contains(node.node()))
        .map(node ->
            "%s objects of OssMount %s/%s on node %s"
                .formatted(
                    node.objects(), mount.getMetadata().getNamespace(), name(mount), node.node()));
  }

  @Override
  public void release(MountName mount) {
    var resource =
        client.resources(OssMount.class).inNamespace(mount.namespace()).withName(mount.name());
    if (resource.get() != null) {
      resource.edit(known -> {
        known.removeFinalizer(Driver.FINALIZER);
        return known;
      });
    }
  }

  @Override
  public List<String> cachePods() {
    return client.pods().inAnyNamespace().withLabels(CACHE_PODS).list().getItems().stream()
        .map(pod -> pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName())
        .toList();
  }

  @Override
  public List<String> nodeDirectories() {
    return nodePlugins()
        .filter(Readiness::isPodReady)
        .flatMap(KubernetesInstallation::directoriesOf)
        .toList();
  }

  @Override
  public List<String> silentNodes() {
    return nodePlugins()
        .filter(pod -> !Readiness.isPodReady(pod))
        .map(pod -> pod.getSpec().getNodeName())
        .toList();
  }

  private List<MountName> names(Class<? extends HasMetadata> kind) {
    return client.resources(kind).inAnyNamespace().list().getItems().stream()
        .map(object ->
            new MountName(object.getMetadata().getNamespace(), object.getMetadata().getName()))
        .toList();
  }

  /** Those that have a node. */
  private Stream<Pod> nodePlugins() {
    return client.pods().inNamespace(namespace).withLabels(NODE_PLUGINS).list().getItems().stream()
        .filter(pod -> pod.getSpec().getNodeName() != null);
  }

  /** A node plugin lists the UIDs of the OssMounts that have a directory on its node. */
  private static Stream<String> directoriesOf(Pod plugin) {
    var node = plugin.getSpec().getNodeName();
    return get("http://%s:9403/directories".formatted(plugin.getStatus().getPodIP()))
        .lines()
        .map(uid -> "of the OssMount with UID " + uid + " on " + node);
  }

  private static String get(String url) {
    try {
      var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try (var body = connection.getInputStream()) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a node plugin does not answer: " + url, e);
    }
  }

  private static boolean isOurs(PersistentVolume volume) {
    var csi = volume.getSpec().getCsi();
    return csi != null && Driver.NAME.equals(csi.getDriver());
  }

  private static String inWords(PersistentVolume volume) {
    var claim = volume.getSpec().getClaimRef();
    var name = name(volume);
    return claim == null
        ? "PersistentVolume " + name
        : "PersistentVolume %s of the claim %s/%s"
            .formatted(name, claim.getNamespace(), claim.getName());
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}
