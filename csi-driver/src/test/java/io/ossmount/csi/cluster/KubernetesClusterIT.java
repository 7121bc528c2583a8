package io.ossmount.csi.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.ossmount.csi.cluster.Events.Subject;
import io.ossmount.csi.testing.FakeApiServer;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KubernetesClusterIT {
  private static final Subject POD = new Subject("v1", "Pod", "ml", "trainer", "uid-1");

  private final FakeApiServer server = new FakeApiServer();
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder()
                  .withMasterUrl(server.url())
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();
  private final KubernetesCluster cluster = new KubernetesCluster(client);

  KubernetesClusterIT() throws IOException {}

  @AfterEach
  void close() {
    cluster.close();
    server.close();
  }

  @Test
  void thePodsOfTheNodeAreAskedForAndNoOthers() {
    // given
    server.setPods(
        """
        [{"metadata": {"namespace": "ml", "name": "a", "uid": "uid-a"}},
         {"metadata": {"namespace": "ml", "name": "b", "uid": "uid-b",
                       "deletionTimestamp": "2026-11-25T12:00:00Z"}}]\
        """);
    // then
    assertThat(cluster.podsOn("node-1"))
        .containsExactly(
            new PodOfNode("ml", "a", "uid-a", false), new PodOfNode("ml", "b", "uid-b", true));
    assertThat(server.questions())
        .singleElement()
        .asString()
        .contains("fieldSelector=spec.nodeName=node-1", "resourceVersion=0");
  }

  @Test
  void anApiServerThatIsAwayIsSaid() {
    // given
    server.close();
    // then
    assertThatThrownBy(() -> cluster.podsOn("node-1")).isInstanceOf(Unavailable.class);
  }

  @Test
  void theSameWordsAreOneEvent() {
    // given
    try (var events = cluster.events("node-1")) {
      // when
      events.note(POD, "VolumeHealed", "the mount was made anew");
      events.note(POD, "VolumeHealed", "the mount was made anew");
      events.warn(POD, "VolumeNotHealed", "it was not");
      // then
      await().until(() -> server.events().size() == 2);
    }
    assertThat(server.events().values())
        .filteredOn(event -> event.getReason().equals("VolumeHealed"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-1");
          assertThat(event.getSource().getHost()).isEqualTo("node-1");
          assertThat(event.getCount()).isEqualTo(1);
          assertThat(event.getType()).isEqualTo("Normal");
        });
  }

  @Test
  void aRestartedPluginCountsTheEventThatIsThere() {
    // given
    try (var events = cluster.events("node-1")) {
      events.note(POD, "VolumeHealed", "the mount was made anew");
      await().until(() -> server.events().size() == 1);
    }
    // when
    try (var events = cluster.events("node-1")) {
      events.note(POD, "VolumeHealed", "the mount was made anew");
      // then
      await().until(() -> server.events().values().iterator().next().getCount() == 2);
    }
  }

  @Test
  void theSameWordsOfAnotherNodeAreAnotherEvent() {
    // given
    try (var one = cluster.events("node-1");
        var other = cluster.events("node-2")) {
      // when
      one.warn(POD, "VolumeAborted", "nobody served it");
      other.warn(POD, "VolumeAborted", "nobody served it");
      // then
      await()
          .untilAsserted(() ->
              assertThat(server.events().values())
                  .extracting(event -> event.getSource().getHost())
                  .containsExactlyInAnyOrder("node-1", "node-2"));
    }
  }

  @Test
  void whoTellsIsNeverHeldUp() {
    // given
    server.close();
    try (var events = new KubernetesEvents(client, "node-1", Clock.systemUTC())) {
      // when
      var before = System.nanoTime();
      IntStream.range(0, 600).forEach(i -> events.note(POD, "VolumeHealed", "number " + i));
      // then
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }
  }
}
