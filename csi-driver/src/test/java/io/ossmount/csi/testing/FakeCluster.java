package io.ossmount.csi.testing;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.cluster.PodOfNode;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster in memory. Thread-safe. */
public final class FakeCluster implements Cluster {
  private final Map<String, OssMount> ossMounts = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> claims = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> namespaces = new ConcurrentHashMap<>();
  private final Map<String, PodOfNode> pods = new ConcurrentHashMap<>();
  private final List<Runnable> onDeletion = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;

  /** Puts an OssMount there; {@code yaml} is what follows its metadata. */
  public void put(String namespace, String name, String uid, String yaml) {
    var ossMount =
        Serialization.unmarshal(
            "apiVersion: ossmount.io/v1alpha1\nkind: OssMount\n" + yaml, OssMount.class);
    ossMount.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(name).withUid(uid).build());
    ossMounts.put(namespace + "/" + name, ossMount);
  }

  /** Removes an OssMount. */
  public void remove(String namespace, String name) {
    ossMounts.remove(namespace + "/" + name);
    onDeletion.forEach(Runnable::run);
  }

  /** Puts a claim there. */
  public void putClaim(String namespace, String name, Map<String, String> annotations) {
    claims.put(namespace + "/" + name, annotations);
  }

  /** Puts a namespace there. */
  public void putNamespace(String name, Map<String, String> labels) {
    namespaces.put(name, labels);
  }

  /** Puts a pod there, on every node. */
  public void putPod(PodOfNode pod) {
    pods.put(pod.uid(), pod);
  }

  /** Lets the API server answer nothing, or answer again. */
  public void setAway(boolean away) {
    this.away = away;
  }

  /** How many questions it did not answer. */
  public int refused() {
    return refused.get();
  }

  @Override
  public Optional<OssMount> ossMount(String namespace, String name) {
    requireThere();
    return Optional.ofNullable(ossMounts.get(namespace + "/" + name));
  }

  @Override
  public List<OssMount> ossMounts() {
    requireThere();
    return List.copyOf(ossMounts.values());
  }

  @Override
  public AutoCloseable onOssMountDeleted(Runnable action) {
    onDeletion.add(action);
    return () -> onDeletion.remove(action);
  }

  @Override
  public List<PodOfNode> podsOn(String nodeName) {
    requireThere();
    return List.copyOf(pods.values());
  }

  @Override
  public Optional<Map<String, String>> claimAnnotations(String namespace, String name) {
    requireThere();
    return Optional.ofNullable(claims.get(namespace + "/" + name));
  }

  @Override
  public Optional<Map<String, String>> namespaceLabels(String namespace) {
    requireThere();
    return Optional.ofNullable(namespaces.get(namespace));
  }

  private void requireThere() {
    if (away) {
      refused.incrementAndGet();
      throw new Unavailable("the Kubernetes API does not answer");
    }
  }
}
