package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes of the cache pods changes in the running pods, one node at a time, under
 * applications that read.
 */
@Isolated("it gives all cache pods another image for a while")
final class UpdateE2E {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateE2E.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(45);
  private static final String IMAGE = "ossmount.local/ossmount-cache:";
  private static final String OPERATOR = "deployment/ossmount-operator";

  private TestBed bed;

  @BeforeEach
  void podsOfBothNodesRead() {
    bed = TestBed.create("e2e-update");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount("files", "cache: {replicas: 0}");
    bed.pods("files", Map.of("app", bed.firstNode(), "other", bed.lastNode()));
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void whoReadsGoesOnWithOtherResourcesAndAnotherImage() throws Exception {
    // given
    List<Pod> before = cachePods();
    Reader reader = new Reader(bed.space(), "app", "file.txt", "content");
    Reader other = new Reader(bed.space(), "other", "file.txt", "content");

    // when
    bed.space()
        .apply(
            bed.mountYaml(
                "files",
                """
                cache:
                  replicas: 0
                  resources: {requests: {cpu: 50m, memory: 600Mi}, limits: {memory: 1200Mi}}
                """));

    // then
    awaitUpdate(before, 1);
    assertThat(cachePods()).extracting(UpdateE2E::limit).containsOnly("1200Mi");

    // when
    String next = IMAGE + "update";
    for (String node : bed.cluster().nodes()) {
      bed.cluster()
          .onNode(
              node,
              "ctr",
              "--namespace=k8s.io",
              "images",
              "tag",
              "--force",
              IMAGE + bed.cluster().version(),
              next)
          .orFail();
    }
    try {
      operatorUses(next);

      // then
      awaitUpdate(before, 2);
      assertThat(cachePods())
          .extracting(pod -> pod.getSpec().getContainers().getFirst().getImage())
          .containsOnly(next);
    } finally {
      operatorUses(IMAGE + bed.cluster().version());
    }

    // then
    for (Reader each : List.of(reader, other)) {
      Reader.Result result = each.stop();
      LOG.info("other resources, then another image: {}", result);
      assertThat(result.wrong()).isZero();
      assertThat(result.longest()).isLessThan(LONGEST_PAUSE);
    }
    assertThat(cachePods())
        .extracting(pod -> pod.getMetadata().getUid())
        .containsExactlyInAnyOrderElementsOf(
            before.stream().map(pod -> pod.getMetadata().getUid()).toList());
  }

  /**
   * The containers were restarted in place, the second when the first was ready, and that is all
   * there was to do.
   */
  private void awaitUpdate(List<Pod> before, int times) {
    await("the containers were restarted")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(restarts(cachePods()))
                .isEqualTo(restarts(before).stream().map(each -> each + times).toList()));
    bed.space().awaitCondition("files", "UpdatePending", "False UpToDate", Workspace.PATIENCE);
    bed.space().awaitReady("files");
    List<Pod> inTurn =
        cachePods().stream().sorted(Comparator.comparing(UpdateE2E::startedAt)).toList();
    assertThat(startedAt(inTurn.getLast())).isAfterOrEqualTo(readyAt(inTurn.getFirst()));
  }

  /** As {@code helm upgrade} with another image does. */
  private void operatorUses(String image) {
    bed.cluster()
        .kubectl("-n", "ossmount-system", "set", "env", OPERATOR, "OSSMOUNT_CACHE_IMAGE=" + image)
        .orFail();
    bed.cluster()
        .kubectl("-n", "ossmount-system", "rollout", "status", OPERATOR, "--timeout=100s")
        .orFail();
  }

  private List<Pod> cachePods() {
    return await()
        .atMost(Workspace.PATIENCE)
        .until(() -> bed.space().cachePods("files"), pods -> pods.size() == 2);
  }

  private static Instant startedAt(Pod pod) {
    var state = pod.getStatus().getContainerStatuses().getFirst().getState();
    return Instant.parse(state.getRunning().getStartedAt());
  }

  private static Instant readyAt(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(condition -> Instant.parse(condition.getLastTransitionTime()))
        .findFirst()
        .orElseThrow();
  }

  /** Of the pods, in the order of their names. */
  private static List<Integer> restarts(List<Pod> pods) {
    return pods.stream()
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .map(pod -> pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
        .toList();
  }

  /** As kubelet tells it. */
  private static String limit(Pod pod) {
    return String.valueOf(
        pod.getStatus().getContainerStatuses().getFirst().getResources().getLimits().get("memory"));
  }
}
