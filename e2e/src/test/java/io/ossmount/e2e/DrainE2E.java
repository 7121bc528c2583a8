package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A node is drained: the applications go first, and read to their end. */
@Isolated("it drains a node")
final class DrainE2E {
  private static final Duration DRAIN = Duration.ofMinutes(4);
  private static final String LABEL = "reader";

  /** Reads on for some seconds after it was told to end. */
  private static final String READS =
      """
      trap 'ending=1' TERM
      reads=0 wrong=0 more=20 ending=
      while [ $more -gt 0 ]; do
        [ "$(cat /data/file.txt)" = content ] || wrong=$((wrong + 1))
        reads=$((reads + 1))
        [ -z "$ending" ] || more=$((more - 1))
        sleep 0.2
      done
      echo "RESULT $reads reads, $wrong wrong"
      """;

  private TestBed bed;
  private String node;

  @BeforeEach
  void anApplicationReads() {
    bed = TestBed.create("e2e-drain");
    node = bed.firstNode();
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount("files", "cache: {replicas: 0}");
    bed.space().apply(Workspace.claimYaml("files"));
    bed.space().apply(deployment());
    rollout("-n", bed.space().namespace(), "deployment/app");
  }

  @AfterEach
  void removeIt() {
    bed.cluster().kubectl("uncordon", node).orFail();
    rollout("-n", "ossmount-system", "deployment/ossmount-operator");
    rollout("-n", "ossmount-system", "deployment/ossmount-controller");
    // First, and with its pods: it would make others of them, which hold the claim.
    bed.space()
        .kubectl(
            "delete",
            "deployment",
            "app",
            "--ignore-not-found",
            "--cascade=foreground",
            "--wait=true",
            "--timeout=110s")
        .orFail();
    bed.close();
  }

  @Test
  void applicationsGoFirstAndSeeNoErrorAndTheCachePodGoesLast() throws Exception {
    // given
    String application = applicationHere();
    String cachePod = bed.space().cachePods("files").getFirst().getMetadata().getName();
    var said =
        CompletableFuture.supplyAsync(
            () -> kubectl("-n", bed.space().namespace(), "logs", "--follow", application),
            task -> Thread.ofVirtual().start(task));

    // when
    var drained =
        CompletableFuture.supplyAsync(
            () ->
                kubectl(
                    "drain",
                    node,
                    "--ignore-daemonsets",
                    "--delete-emptydir-data",
                    "--timeout=" + DRAIN.minusSeconds(20).toSeconds() + "s"),
            task -> Thread.ofVirtual().start(task));
    boolean wentFirst = true;
    while (!drained.isDone()) {
      // In this order: what is there afterwards was there when the cache pod was told to end.
      wentFirst &= !isToEnd(cachePod) || pod(application).isEmpty();
      TimeUnit.MILLISECONDS.sleep(200);
    }

    // then
    assertThat(drained.get()).contains("disruption budget");
    assertThat(said.get(1, TimeUnit.MINUTES)).contains("RESULT ").contains(" 0 wrong");
    assertThat(wentFirst).isTrue();
    assertThat(isToEnd(cachePod)).isTrue();

    // when
    bed.cluster().kubectl("uncordon", node).orFail();

    // then
    rollout("-n", bed.space().namespace(), "deployment/app");
    bed.space().awaitReady("files");
    bed.space().apply(Workspace.podYaml("again", node, "files"));
    bed.space().awaitRunning("again");
    assertThat(bed.space().shell("again", "cat /data/file.txt").orFail()).isEqualTo("content");
  }

  private boolean isToEnd(String pod) {
    return pod(pod).map(found -> found.getMetadata().getDeletionTimestamp() != null).orElse(true);
  }

  private Optional<Pod> pod(String name) {
    return Optional.ofNullable(
        bed.cluster().client().pods().inNamespace(bed.space().namespace()).withName(name).get());
  }

  private String applicationHere() {
    await("the application is on the node")
        .atMost(Workspace.PATIENCE)
        .until(() -> pods().size() == 1 && pods().getFirst().getSpec().getNodeName().equals(node));
    return pods().getFirst().getMetadata().getName();
  }

  private List<Pod> pods() {
    return bed.cluster()
        .client()
        .pods()
        .inNamespace(bed.space().namespace())
        .withLabel("app", LABEL)
        .list()
        .getItems();
  }

  private void rollout(String option, String namespace, String deployment) {
    bed.cluster()
        .kubectl(option, namespace, "rollout", "status", deployment, "--timeout=110s")
        .orFail();
  }

  private String kubectl(String... words) {
    return bed.cluster().tool("kubectl", DRAIN, words).run().orFail();
  }

  private String deployment() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: app}
    spec:
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec:
          affinity:
            nodeAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 100
                preference:
                  matchExpressions:
                  - {key: kubernetes.io/hostname, operator: In, values: [%2$s]}
          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
          containers:
          - name: main
            image: ossmount.local/busybox:1
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            volumeMounts:
            - {name: data, mountPath: /data}
            command:
            - sh
            - -c
            - |
    %3$s\
          volumes:
          - name: data
            persistentVolumeClaim: {claimName: files}
    """
        .formatted(LABEL, node, READS.indent(14));
  }
}
