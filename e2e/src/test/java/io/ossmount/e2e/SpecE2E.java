package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Each field of the spec does what its description says. */
@Order(2)
final class SpecE2E {
  private static final int MEBIBYTE = 1 << 20;

  private static TestBed bed;

  @BeforeAll
  static void aBucketWithAnObject() {
    bed = TestBed.create("e2e-spec");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  void filesGivesOwnerAndModesToWhatHasNone() {
    // when
    bed.mount(
        "owned", "files: {uid: 1234, gid: 4321, fileMode: \"0640\", directoryMode: \"0751\"}");
    bed.space()
        .apply(
            Workspace.claimYaml("owned")
                + "---\n"
                + Workspace.podYaml("owned", bed.firstNode(), "owned")
                    .replace("runAsUser: 1000", "runAsUser: 1234"));
    bed.space().awaitRunning("owned");

    // then
    assertThat(bed.space().shell("owned", "stat -c '%u %g %a' /data/file.txt /data").orFail())
        .isEqualTo("1234 4321 640\n1234 4321 751");
    bed.remove("owned");
  }

  @Test
  void readOnlyRefusesWrites() {
    bed.mount("frozen", "readOnly: true");
    bed.pod("frozen", bed.firstNode(), "frozen");
    assertThat(bed.space().shell("frozen", "cat /data/file.txt").orFail()).isEqualTo("content");
    assertThat(bed.space().shell("frozen", "touch /data/new").output())
        .contains("Read-only file system");
    bed.remove("frozen");
  }

  @Test
  void theCacheStaysWithinItsSize() {
    // given
    bed.oss().put(bed.bucket(), "big/a", Bytes.random(48 * MEBIBYTE, 1));
    bed.oss().put(bed.bucket(), "big/b", Bytes.random(48 * MEBIBYTE, 2));
    bed.oss().put(bed.bucket(), "big/c", Bytes.random(48 * MEBIBYTE, 3));
    bed.mount("small", "cache: {size: 64Mi}");
    bed.pod("small", bed.firstNode(), "small");

    // when
    bed.space().shell("small", "cat /data/big/* | sha256sum").orFail();

    // then
    await("the cache is within its size")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.cacheMebibytes("small")).isLessThanOrEqualTo(64 + 8));
    bed.remove("small");
  }

  @Test
  void keepFreeHoldsTheCacheBack() {
    // given
    bed.oss().put(bed.bucket(), "kept/a", Bytes.random(16 * MEBIBYTE, 4));
    bed.mount("kept", "cache: {size: 1Gi, keepFree: 100Ti}");

    // when
    bed.pod("kept", bed.firstNode(), "kept");

    // then
    assertThat(bed.space().shell("kept", "sha256sum < /data/kept/a").orFail())
        .startsWith(Bytes.sha256(Bytes.random(16 * MEBIBYTE, 4)));
    await("nothing is kept")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.cacheMebibytes("kept")).isLessThan(16));
    bed.remove("kept");
  }

  @Test
  void cachePodsFollowReplicasNodeSelectorResourcesAndPullSecrets() {
    // given
    bed.cluster().kubectl("label", "node", bed.lastNode(), "e2e=cache", "--overwrite").orFail();

    // when
    bed.mount(
        "placed",
        """
        cache:
          replicas: 1
          nodeSelector: {e2e: cache}
          imagePullSecrets: [{name: registry}]
          resources: {requests: {cpu: 30m, memory: 300Mi}, limits: {memory: 700Mi}}
        """);
    bed.space().awaitReady("placed");

    // then
    var pods = bed.space().cachePods("placed");
    assertThat(pods).hasSize(1);
    var spec = pods.getFirst().getSpec();
    assertThat(spec.getNodeName()).isEqualTo(bed.lastNode());
    assertThat(spec.getImagePullSecrets()).extracting(s -> s.getName()).contains("registry");
    var resources = spec.getContainers().getFirst().getResources();
    assertThat(resources.getRequests()).containsEntry("cpu", new Quantity("30m"));
    assertThat(resources.getLimits()).containsEntry("memory", new Quantity("700Mi"));
    bed.space().delete("ossmount", "placed");

    // when
    bed.mount("two", "cache: {replicas: 2}");

    // then
    await("a cache pod on each of two nodes")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().cachePods("two"))
                .extracting(pod -> pod.getSpec().getNodeName())
                .containsExactlyInAnyOrderElementsOf(bed.cluster().nodes()));
    bed.space().delete("ossmount", "two");
    bed.cluster().kubectl("label", "node", bed.lastNode(), "e2e-").orFail();
  }

  @Test
  void cachePodsHaveNoPrivilege() {
    bed.mount("plain", "");
    bed.space().awaitReady("plain");
    var pod = bed.space().cachePods("plain").getFirst();
    var container = pod.getSpec().getContainers().getFirst();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSpec().getVolumes()).allMatch(volume -> volume.getHostPath() == null);
    bed.space().delete("ossmount", "plain");
  }

  @Test
  void attributeTimeoutBoundsHowLongAReplacedObjectIsSeenAsItWas() {
    // given
    bed.oss().put(bed.bucket(), "replaced.txt", "before".getBytes(UTF_8));
    bed.mount("fresh", "metadataCache: {attributeTimeout: 2s, listTimeout: 2s}");
    bed.pod("fresh", bed.firstNode(), "fresh");
    assertThat(bed.space().shell("fresh", "cat /data/replaced.txt").orFail()).isEqualTo("before");

    // when
    bed.oss().put(bed.bucket(), "replaced.txt", "afterwards".getBytes(UTF_8));

    // then
    await("the new version is seen")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(bed.space().shell("fresh", "cat /data/replaced.txt").orFail())
                .isEqualTo("afterwards"));
    bed.remove("fresh");
  }

  @Test
  @ResourceLock(EmulatorPod.FAULTS)
  void theOperationTimeoutEndsWhatOssDoesNotAnswer() {
    // given
    bed.oss().createBucket("e2e-slow");
    bed.oss().put("e2e-slow", "slow.txt", "slow".getBytes(UTF_8));
    bed.space().secret("oss-credentials", bed.oss().owner());
    bed.space()
        .apply(
            bed.mountYaml("impatient", "timeouts: {connect: 1s, operation: 3s}")
                .replace("bucket: " + bed.bucket(), "bucket: e2e-slow"));
    bed.pod("impatient", bed.firstNode(), "impatient");
    bed.oss().delay("e2e-slow", Duration.ofSeconds(60));
    try {
      // when
      String output =
          bed.space().shell("impatient", "time timeout 30 cat /data/slow.txt; echo $?").output();

      // then
      assertThat(output).containsAnyOf("Input/output error", "timed out").doesNotContain("143");
    } finally {
      bed.oss().clearFaults();
    }
    bed.remove("impatient");
  }

  @Test
  void bucketAndDirectoryStayWhileVolumesUseThem() {
    // given
    bed.mount("fixed", "directory: x");
    bed.pod("fixed", bed.firstNode(), "fixed");
    await("the status counts the volume")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().field("ossmount", "fixed", "{.status.volumes}")).isEqualTo("1"));

    for (String change : List.of("directory: elsewhere", "")) {
      // when
      var result = bed.space().tryApply(bed.mountYaml("fixed", change));

      // then
      assertThat(result.succeeded()).isFalse();
      assertThat(result.output()).contains("volumes");
    }
    bed.removeInTurn("fixed");
  }

  @Test
  void aBucketIsReachedByItsHostNameAsWell() {
    // given: a Service named like the bucket, so that BUCKET.oss.svc.cluster.local is the emulator
    bed.oss().createBucket("e2e-hosted");
    bed.oss().put("e2e-hosted", "file.txt", "hosted".getBytes(UTF_8));
    bed.oss().serviceFor("e2e-hosted");
    bed.space().secret("oss-credentials", bed.oss().owner());

    // when
    bed.space()
        .apply(
            bed.mountYaml("hosted", "")
                .replace("bucket: " + bed.bucket(), "bucket: e2e-hosted")
                .replace("addressingStyle: Path", "addressingStyle: VirtualHosted")
                .replace(bed.oss().endpoint(), "http://oss.svc.cluster.local"));
    bed.pod("hosted", bed.firstNode(), "hosted");

    // then
    assertThat(bed.space().shell("hosted", "cat /data/file.txt").orFail()).isEqualTo("hosted");
    bed.remove("hosted");
  }
}
