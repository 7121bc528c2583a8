package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.e2e.cluster.Installation;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Defaults in the chart's values reach every OssMount that does not say otherwise, at any time. */
@Isolated("it gives the whole cluster other defaults for a while")
final class DefaultsE2E {
  private static TestBed bed;

  @BeforeAll
  static void aBucketWithAnObject() {
    bed = TestBed.create("e2e-defaults");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
  }

  @AfterAll
  static void takeThemBack() {
    Installation.resetDefaults(bed.cluster());
    bed.close();
  }

  private static void soon(String what, ThrowingRunnable assertion) {
    await(what)
        .atMost(Workspace.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(assertion);
  }

  private static String effective(String mount, String path) {
    return bed.space().field("ossmount", mount, "{.status.effective." + path + "}");
  }

  private static String withoutEndpoint(String name) {
    return """
    apiVersion: ossmount.io/v1alpha1
    kind: OssMount
    metadata: {name: %s}
    spec:
      bucket: %s
      secretRef: {name: oss-credentials}
      files: {uid: 1000, gid: 1000}
    """
        .formatted(name, bed.bucket());
  }

  private static List<String> cachePodUids(String mount) {
    return bed.space().cachePods(mount).stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  @Test
  void theyReachOssMountsInUseAndWhatTheseSayThemselvesStays() {
    // given
    bed.mount("used", "cache: {keepFree: 1Gi}\nwrite: {mode: Through}");
    bed.pod("used", bed.firstNode(), "used");
    bed.space().awaitReady("used");
    assertThat(effective("used", "recovery.timeout")).isEqualTo("5m");
    assertThat(effective("used", "cache.readMode")).isEqualTo("Cache");
    List<String> pods = cachePodUids("used");
    bed.space().apply(withoutEndpoint("brief"));
    bed.space().awaitCondition("brief", "Ready", "False EndpointMissing", Workspace.PATIENCE);

    // when
    Installation.setDefaults(
        bed.cluster(),
        """
        {"endpoint": "%s", "region": "cn-emulator", "addressingStyle": "Path",
         "recovery": {"timeout": "7m"}, "write": {"mode": "Async", "partSize": "32Mi"},
         "cache": {"keepFree": "2Gi", "readMode": "None",
           "resources": {"requests": {"cpu": "50m", "memory": "600Mi"}, "limits": {"memory": "600Mi"}}}}
        """
            .formatted(bed.oss().endpoint())
            .replace("\n", ""));

    // then: the pod in use has the new resources and is the same
    soon(
        "the resources have reached the running cache pod",
        () -> {
          var pod = bed.space().cachePods("used").getFirst();
          assertThat(pod.getSpec().getContainers().getFirst().getResources().getLimits())
              .containsEntry("memory", new Quantity("600Mi"));
        });
    bed.space().awaitCondition("used", "UpdatePending", "False UpToDate", Workspace.PATIENCE);
    assertThat(cachePodUids("used")).isEqualTo(pods);
    assertThat(effective("used", "recovery.timeout")).isEqualTo("7m");
    assertThat(effective("used", "cache.keepFree")).isEqualTo("1Gi");
    assertThat(effective("used", "cache.readMode")).isEqualTo("None");
    assertThat(effective("used", "write.mode")).isEqualTo("Through");
    assertThat(effective("used", "write.partSize")).isEqualTo("32Mi");
    assertThat(bed.space().shell("used", "cat /data/file.txt").orFail()).isEqualTo("content");

    // and the one without an endpoint is served from the default one
    bed.pod("brief", bed.firstNode(), "brief");
    assertThat(bed.space().shell("brief", "cat /data/file.txt").orFail()).isEqualTo("content");
    assertThat(effective("brief", "endpoint")).isEqualTo(bed.oss().endpoint());
    assertThat(effective("brief", "cache.keepFree")).isEqualTo("2Gi");
    assertThat(effective("brief", "write.mode")).isEqualTo("Async");
    bed.space().shell("brief", "printf written | dd of=/data/async.txt conv=fsync").orFail();
    assertThat(bed.oss().get(bed.bucket(), "async.txt")).asString(UTF_8).isEqualTo("written");

    // when
    Installation.resetDefaults(bed.cluster());

    // then: it is said, and what is mounted goes on
    bed.space().awaitCondition("brief", "Ready", "False EndpointMissing", Workspace.PATIENCE);
    assertThat(bed.space().shell("brief", "cat /data/file.txt && ls /data").orFail())
        .contains("content", "file.txt");
    bed.space()
        .kubectl(
            "delete",
            "pod/brief",
            "pod/used",
            "pvc/brief",
            "pvc/used",
            "ossmount/brief",
            "ossmount/used",
            "--timeout=110s")
        .orFail();
  }
}
