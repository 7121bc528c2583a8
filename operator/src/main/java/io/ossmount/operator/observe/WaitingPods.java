package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the pods that wait for volumes of an OssMount. Asked only while something is wrong, and
 * bounded.
 */
public final class WaitingPods {
  private static final int MAX_PLACES = 20;
  private static final long MAX_PODS_PER_PLACE = 100;

  private WaitingPods() {}

  private record Place(String namespace, String node) {}

  /**
   * Pods that are on a node where a volume is in demand, have not started, and use the volume.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not
   *     answer
   */
  public static List<ObjectReference> of(List<ObservedVolume> volumes, KubernetesClient client) {
    var claims = new HashMap<Place, Set<String>>();
    for (var volume : volumes) {
      var claim = volume.claim();
      if (claim != null) {
        for (var node : volume.nodes()) {
          claims
              .computeIfAbsent(new Place(claim.namespace(), node), _ -> new HashSet<>())
              .add(claim.name());
        }
      }
    }
    return claims.entrySet().stream()
        .limit(MAX_PLACES)
        .flatMap(entry -> at(entry.getKey(), entry.getValue(), client))
        .toList();
  }

  private static Stream<ObjectReference> at(
      Place place, Set<String> claims, KubernetesClient client) {
    return client
        .pods()
        .inNamespace(place.namespace())
        .withFields(Map.of("spec.nodeName", place.node(), "status.phase", "Pending"))
        .list(new ListOptionsBuilder().withLimit(MAX_PODS_PER_PLACE).build())
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> uses(pod, claims))
        .map(WaitingPods::reference);
  }

  static boolean uses(Pod pod, Set<String> claims) {
    return pod.getSpec().getVolumes().stream()
        .flatMap(volume -> claim(pod, volume))
        .anyMatch(claims::contains);
  }

  private static Stream<String> claim(Pod pod, Volume volume) {
    if (volume.getPersistentVolumeClaim() != null) {
      return Stream.of(volume.getPersistentVolumeClaim().getClaimName());
    }
    // So are the claims of generic ephemeral volumes named.
    return volume.getEphemeral() == null
        ? Stream.of()
        : Stream.of(pod.getMetadata().getName() + "-" + volume.getName());
  }

  private static ObjectReference reference(Pod pod) {
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Pod")
        .withNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .build();
  }
}
