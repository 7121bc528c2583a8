package io.ossmount.operator.dashboard.source;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.ossmount.api.Driver;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server for what no informer watches: Events, and tests of OssMounts. Safe for use by
 * many threads; every call has the client's deadline.
 */
public final class KubernetesReader implements Surroundings {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesReader.class);
  private static final int MOST_PODS = 8;
  private static final long MOST_OF_ONE = 100;
  private static final int MOST_EVENTS = 60;
  private static final int MOST_TESTS = 50;
  private static final ResourceDefinitionContext TESTS =
      new ResourceDefinitionContext.Builder()
          .withGroup(Driver.GROUP)
          .withVersion("v1alpha1")
          .withKind("OssMountTest")
          .withPlural("ossmounttests")
          .withNamespaced(true)
          .build();

  private final KubernetesClient client;

  /** Asks with the rights of this client. */
  public KubernetesReader(KubernetesClient client) {
    this.client = client;
  }

  /** Those of the first {@value #MOST_PODS} cache pods. */
  @Override
  public Optional<List<Event>> events(OssMount mount) {
    var events = new ArrayList<Event>();
    try {
      events.addAll(events(mount, "OssMount", mount.getMetadata().getName()));
      for (var pod : pods(mount)) {
        events.addAll(events(mount, "Pod", pod));
      }
    } catch (KubernetesClientException e) {
      LOG.warn("Cannot read Events: {}", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(
        events.stream()
            .sorted(comparing(KubernetesReader::time).reversed())
            .limit(MOST_EVENTS)
            .toList());
  }

  private List<Event> events(OssMount mount, String kind, String name) {
    return client
        .v1()
        .events()
        .inNamespace(mount.getMetadata().getNamespace())
        .withFields(Map.of("involvedObject.kind", kind, "involvedObject.name", name))
        .list(new ListOptionsBuilder().withLimit(MOST_OF_ONE).build())
        .getItems();
  }

  private static List<String> pods(OssMount mount) {
    return mount.getStatus() == null
        ? List.of()
        : mount.getStatus().cachePods().stream()
            .map(CachePod::name)
            .flatMap(Stream::ofNullable)
            .limit(MOST_PODS)
            .toList();
  }

  private static String time(Event event) {
    return Stream.of(
            event.getLastTimestamp(),
            event.getEventTime() == null ? null : event.getEventTime().getTime(),
            event.getMetadata().getCreationTimestamp())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  @Override
  public Optional<List<GenericKubernetesResource>> tests(OssMount mount) {
    try {
      return Optional.of(
          client
              .genericKubernetesResources(TESTS)
              .inNamespace(mount.getMetadata().getNamespace())
              .list(new ListOptionsBuilder().withLimit(MOST_OF_ONE).build())
              .getItems()
              .stream()
              .filter(test -> isOf(test, mount.getMetadata().getName()))
              .sorted(
                  comparing((GenericKubernetesResource test) ->
                          Objects.requireNonNullElse(test.getMetadata().getCreationTimestamp(), ""))
                      .reversed())
              .limit(MOST_TESTS)
              .toList());
    } catch (KubernetesClientException e) {
      LOG.debug("No tests: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether a test names the OssMount: by a name, or by a reference to one. */
  private static boolean isOf(GenericKubernetesResource test, String name) {
    return test.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
        && Stream.of("ossMount", "mount", "ossMountRef", "mountRef")
            .map(spec::get)
            .anyMatch(value ->
                name.equals(value)
                    || (value instanceof Map<?, ?> reference
                        && name.equals(reference.get("name"))));
  }
}
