package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.EmulatorPod.Rights;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What is wrong is said in the condition and as an Event on the pod that waits, and heals by itself
 * once the cause is gone.
 */
@Order(1)
final class FailureE2E {
  private static final Duration TO_BE_SAID = Duration.ofSeconds(60);
  private static final Duration TO_HEAL = Duration.ofSeconds(90);

  private static TestBed bed;

  @BeforeAll
  static void aBucketWithAnObject() {
    bed = TestBed.create("e2e-failure");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  void aMissingSecretIsNamed() {
    apply("no-secret", bed.mountYaml("no-secret", "").replace("oss-credentials", "not-there"));
    assertThat(said("no-secret", "SecretMissing")).contains("not-there");

    bed.space().secret("not-there", bed.oss().owner());
    healed("no-secret");
  }

  @Test
  void aMissingKeyOfTheSecretIsNamed() {
    bed.space()
        .apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: half}
            stringData: {accessKeyId: someone}
            """);
    apply("no-key", bed.mountYaml("no-key", "").replace("oss-credentials", "half"));
    assertThat(said("no-key", "SecretKeyMissing")).contains("accessKeySecret", "half");

    bed.space().secret("half", bed.oss().owner());
    healed("no-key");
  }

  @Test
  void aWrongKeyIsSaidAndTheRightOneHealsWithoutANewCachePod() {
    bed.space().secret("wrong", new EmulatorPod.Key("nobody", "nothing"));
    apply("wrong-key", bed.mountYaml("wrong-key", "").replace("oss-credentials", "wrong"));
    assertThat(said("wrong-key", "InvalidAccessKey")).doesNotContain("nothing");
    List<String> pods = cachePodUids("wrong-key");

    bed.space().secret("wrong", bed.oss().owner());
    awaitHealed("wrong-key");
    assertThat(cachePodUids("wrong-key")).isEqualTo(pods);
    bed.removeInTurn("wrong-key");
  }

  @Test
  void aWrongSecretIsSaid() {
    bed.space().secret("mistyped", new EmulatorPod.Key(bed.oss().owner().id(), "mistyped"));
    apply("wrong-secret", bed.mountYaml("wrong-secret", "").replace("oss-credentials", "mistyped"));
    said("wrong-secret", "SignatureMismatch");

    bed.space().secret("mistyped", bed.oss().owner());
    healed("wrong-secret");
  }

  @Test
  void aReadOnlyKeyOnAWritableMountIsSaid() {
    EmulatorPod.Key key = bed.oss().newKey(Rights.READ_ONLY);
    bed.space().secret("read-only", key);
    apply(
        "read-only-key",
        bed.mountYaml("read-only-key", "").replace("oss-credentials", "read-only"));
    assertThat(said("read-only-key", "WriteDenied")).contains("readOnly");

    bed.oss().setRights(key, Rights.FULL);
    healed("read-only-key");
  }

  @Test
  void aKeyWithoutTheRightToListIsSaid() {
    EmulatorPod.Key key = bed.oss().newKey(Rights.NO_LIST);
    bed.space().secret("no-list", key);
    apply(
        "no-list-right", bed.mountYaml("no-list-right", "").replace("oss-credentials", "no-list"));
    said("no-list-right", "ListDenied");

    bed.oss().setRights(key, Rights.FULL);
    healed("no-list-right");
  }

  @Test
  @ResourceLock(EmulatorPod.FAULTS)
  void aSkewedClockIsSaid() {
    EmulatorPod.Key key = bed.oss().newKey(Rights.FULL);
    bed.space().secret("skewed", key);
    bed.oss().createBucket("e2e-skewed");
    bed.oss().fault("e2e-skewed", 403, "RequestTimeTooSkewed");
    try {
      apply(
          "skew",
          bed.mountYaml("skew", "")
              .replace("oss-credentials", "skewed")
              .replace("bucket: " + bed.bucket(), "bucket: e2e-skewed"));
      said("skew", "ClockSkew");
    } finally {
      bed.oss().clearFaults();
    }
    healed("skew");
  }

  @Test
  void anUnknownBucketIsNamed() {
    // The emulator outlives the tests, and so do its buckets.
    String later = "e2e-later-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    bed.space().secret("oss-credentials", bed.oss().owner());
    apply(
        "no-bucket",
        bed.mountYaml("no-bucket", "").replace("bucket: " + bed.bucket(), "bucket: " + later));
    assertThat(said("no-bucket", "BucketNotFound")).contains(later);

    bed.oss().createBucket(later);
    healed("no-bucket");
  }

  @Test
  void anUnreachableEndpointIsNamed() {
    bed.space().secret("oss-credentials", bed.oss().owner());
    String nowhere = "http://nowhere.oss.svc.cluster.local";
    apply("no-endpoint", bed.mountYaml("no-endpoint", "").replace(bed.oss().endpoint(), nowhere));
    assertThat(said("no-endpoint", "EndpointUnreachable")).contains("nowhere");

    bed.space().apply(bed.mountYaml("no-endpoint", ""));
    healed("no-endpoint");
  }

  @Test
  void aDirectoryWithoutObjectsIsAWarningNotAFailure() {
    bed.space().secret("oss-credentials", bed.oss().owner());
    bed.space().apply(bed.mountYaml("empty", "directory: nothing/here"));
    bed.space().awaitReady("empty");
    await("an event warns")
        .atMost(TO_BE_SAID)
        .untilAsserted(() ->
            assertThat(bed.space().events("OssMount", "empty").toString())
                .contains("nothing/here"));
    bed.space().delete("ossmount", "empty");
  }

  @Test
  void aCachePodThatCannotBeScheduledIsSaidInTheSchedulersWords() {
    bed.space().secret("oss-credentials", bed.oss().owner());
    apply(
        "too-large",
        bed.mountYaml(
            "too-large", "cache: {resources: {requests: {cpu: \"1000\"}, limits: {memory: 1Gi}}}"));
    assertThat(said("too-large", "CachePodPending")).contains("Insufficient cpu");
    bed.remove("too-large");
  }

  @Test
  void aCachePodThatAQuotaRefusesIsSaidInTheQuotasWords() {
    try (TestBed other = TestBed.create("e2e-quota")) {
      other
          .space()
          .apply(
              """
              apiVersion: v1
              kind: ResourceQuota
              metadata: {name: no-pods}
              spec: {hard: {pods: "0"}}
              """);
      other.mount("files", "");
      String message =
          other
              .space()
              .awaitCondition("files", "CachePodsReady", "False CachePodRejected", TO_BE_SAID);
      assertThat(message).contains("exceeded quota", "no-pods");

      other.space().delete("resourcequota", "no-pods");
      other.space().awaitCondition("files", "Ready", "True Serving", TO_HEAL.plusSeconds(15));
    }
  }

  /** Applies the OssMount with a claim and a pod that waits for it. */
  private static void apply(String name, String ossMount) {
    bed.space().apply(ossMount);
    bed.space()
        .apply(
            Workspace.claimYaml(name) + "---\n" + Workspace.podYaml(name, bed.firstNode(), name));
  }

  /**
   * Waits for the reason in the condition and as an Event on the pod; answers the condition's
   * message.
   */
  private static String said(String name, String reason) {
    String message = bed.space().awaitCondition(name, "Ready", "False " + reason, TO_BE_SAID);
    await("an event on the waiting pod says " + reason)
        .atMost(TO_BE_SAID)
        .untilAsserted(
            () -> assertThat(bed.space().events("Pod", name).toString()).contains(reason));
    return message;
  }

  private static void healed(String name) {
    awaitHealed(name);
    bed.remove(name);
  }

  private static void awaitHealed(String name) {
    bed.space().awaitCondition(name, "Ready", "True Serving", TO_HEAL);
    bed.space().awaitRunning(name);
    assertThat(bed.space().shell(name, "ls /data").succeeded()).isTrue();
  }

  private static List<String> cachePodUids(String ossMount) {
    return bed.space().cachePods(ossMount).stream().map(pod -> pod.getMetadata().getUid()).toList();
  }
}
