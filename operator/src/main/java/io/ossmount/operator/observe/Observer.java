package io.ossmount.operator.observe;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.Resources;
import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.StatusPoller;
import io.ossmount.operator.tls.Authority;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads all that is known of an OssMount: informers, the latest answers of its cache pods, and a
 * few Secrets, which are asked for one by one, because the operator has no right to watch those of
 * others.
 */
public final class Observer {
  private final Cluster cluster;
  private final StatusPoller poller;
  private final Clock clock;

  /** An observer of this cluster. */
  public Observer(Cluster cluster, StatusPoller poller, Clock clock) {
    this.cluster = cluster;
    this.poller = poller;
    this.clock = clock;
  }

  /**
   * Reads.
   *
   * @throws KubernetesClientException if the API server does not answer
   */
  public Observed observe(OssMount mount, Memory memory, KubernetesClient client) {
    var identity = MountIdentity.of(mount);
    var pods = cluster.pods(identity);
    poller.watch(identity.uid(), addresses(identity, pods));
    var reports = poller.reports(identity.uid());
    var volumes = cluster.volumes(identity);
    var secrets = new Secrets(client, identity.namespace());
    return new Observed(
        identity,
        mount.getSpec(),
        mount.isMarkedForDeletion(),
        secrets.credentials(mount.getSpec().secretRef().name()),
        nested(mount.getSpec(), secrets),
        MountSecretContent.in(secrets.get(identity.secretName())),
        cluster.nodes(),
        pods,
        reports,
        cluster.budgets(identity),
        crowded(client, pods, mount.getSpec().cache().resources()),
        volumes,
        new Aborts(client).on(silent(volumes, pods, reports), identity),
        ObservedReset.of(mount),
        PendingUploads.forgetting(mount),
        memory,
        clock.instant());
  }

  private static List<ObservedNestedMount> nested(OssMountSpec spec, Secrets secrets) {
    return spec.mounts().stream()
        .map(given -> {
          var mount = given.within(spec);
          var secret = requireNonNullElse(mount.secretRef(), spec.secretRef()).name();
          return new ObservedNestedMount(
              mount, secrets.credentials(secret), given.secretRef() != null);
        })
        .toList();
  }

  private static List<PodAddress> addresses(MountIdentity mount, List<ObservedPod> pods) {
    return pods.stream()
        .filter(pod -> !pod.terminating())
        .flatMap(pod ->
            Stream.ofNullable(pod.address())
                .map(ip ->
                    new PodAddress(
                        pod.uid(), pod.container().id(), ip, Authority.serverName(mount.uid()))))
        .toList();
  }

  /** Nodes with volumes whose cache pod says nothing. */
  private static Set<String> silent(
      List<ObservedVolume> volumes, List<ObservedPod> pods, Map<String, PodReport> reports) {
    var silent = new HashSet<>(ObservedVolume.nodes(volumes));
    pods.stream()
        .filter(pod -> !pod.terminating())
        .filter(pod -> reports.getOrDefault(pod.uid(), PodReport.NONE).isAnswered())
        .map(ObservedPod::node)
        .forEach(silent::remove);
    return silent;
  }

  /** Of the few nodes that matter, the pods are asked for: nobody watches those of others. */
  private Set<String> crowded(
      KubernetesClient client, List<ObservedPod> pods, Resources resources) {
    var living =
        pods.stream()
            .filter(pod -> !pod.terminating() && !pod.ended())
            .map(ObservedPod::node)
            .collect(Collectors.toUnmodifiableSet());
    return pods.stream()
        .filter(ObservedPod::terminating)
        .map(ObservedPod::node)
        .filter(node -> !living.contains(node))
        .distinct()
        .flatMap(name -> cluster.node(name).stream())
        .filter(node -> !NodeRoom.isThere(node, podsOn(client, node), resources))
        .map(node -> node.getMetadata().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Pod> podsOn(KubernetesClient client, Node node) {
    return client
        .pods()
        .inAnyNamespace()
        .withField("spec.nodeName", node.getMetadata().getName())
        .list()
        .getItems();
  }
}
