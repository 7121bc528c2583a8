package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.e2e.cluster.Cluster;
import io.ossmount.e2e.cluster.Command;
import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What deploy/examples shows is so; in the namespace {@code default}, as a newcomer would do it.
 */
@Order(5)
final class ExamplesE2E {
  private static final Cluster CLUSTER = Cluster.get();

  @BeforeAll
  static void theFirstExample() throws IOException {
    Installation.ensure(CLUSTER);
    EmulatorPod.shared(CLUSTER);
    apply("emulator.yaml");
    CLUSTER
        .kubectl("-n", "oss", "rollout", "status", "deployment/oss-demo", "--timeout=90s")
        .orFail();
    apply("ossmount.yaml");
    await("pod/reader-and-writer", "condition=Ready");
  }

  @AfterAll
  static void removeThem() throws IOException {
    for (String file :
        new String[] {
          "nested-mounts.yaml",
          "async-writes.yaml",
          "mount-test.yaml",
          "static-pv.yaml",
          "sub-directory.yaml",
          "generic-ephemeral.yaml",
          "class-of-another-namespace.yaml",
          "ossmount.yaml"
        }) {
      CLUSTER
          .kubectlWithInput(
              example(file), "delete", "--ignore-not-found", "--timeout=110s", "-f", "-")
          .orFail();
    }
  }

  private static String example(String file) throws IOException {
    Path examples = CLUSTER.root().resolve("deploy/examples");
    return Files.readString(examples.resolve(file))
        .replace("image: busybox:1", "image: ossmount.local/busybox:1");
  }

  private static void apply(String file) throws IOException {
    CLUSTER.kubectlWithInput(example(file), "apply", "-f", "-").orFail();
  }

  private static void await(String object, String what) {
    CLUSTER.kubectl("wait", object, "--for=" + what, "--timeout=110s").orFail();
  }

  private static Command.Result shell(String pod, String script) {
    return CLUSTER.kubectl("exec", pod, "--", "sh", "-c", script);
  }

  @Test
  void ossmountReadsAndWrites() {
    assertThat(shell("reader-and-writer", "cat /data/hello.txt").orFail()).contains("hello.txt");
    assertThat(shell("reader-and-writer", "cat /data/from-the-pod.txt").orFail())
        .startsWith("written by");
  }

  @Test
  void genericEphemeralEndsWithItsPod() throws IOException {
    apply("generic-ephemeral.yaml");
    await("pod/batch-job", "jsonpath={.status.phase}=Succeeded");
    assertThat(CLUSTER.kubectl("logs", "batch-job").orFail()).contains("labels.csv");
    CLUSTER.kubectl("delete", "pod", "batch-job").orFail();
    CLUSTER.kubectl("wait", "pvc/batch-job-data", "--for=delete", "--timeout=60s").orFail();
  }

  @Test
  void subDirectoryShowsAPart() throws IOException {
    apply("sub-directory.yaml");
    await("pod/labeller", "condition=Ready");
    assertThat(shell("labeller", "cd /images && ls").orFail()).contains("1.txt", "seen.txt");
    assertThat(shell("reader-and-writer", "cat /data/images/seen.txt").orFail()).contains("seen");
  }

  @Test
  void nestedMountsAreOneTree() throws IOException {
    apply("nested-mounts.yaml");
    await("pod/nested", "condition=Ready");
    await("ossmount/nested", "condition=MountsReady");
    assertThat(shell("nested", "cat /data/data/hello.txt").orFail()).contains("hello.txt");
    assertThat(shell("nested", "touch /data/data/new").output()).contains("Read-only file system");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(shell("nested", "cat /data/shared/results/copy.txt").output())
                .contains("hello.txt"));
  }

  @Test
  void asyncWritesReachOss() throws IOException {
    apply("async-writes.yaml");
    await("pod/many-results", "condition=Ready");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(shell("many-results", "cat /data/finished").output()).contains("done"));
    await("ossmount/results", "condition=WritesPending=False");
  }

  @Test
  void staticPvIsReadOnly() throws IOException {
    apply("static-pv.yaml");
    CLUSTER
        .kubectlWithInput(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: static, namespace: default}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: ossmount.local/busybox:1
                command: [sh, -c, "trap exit TERM; sleep 1000 & wait"]
                volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, persistentVolumeClaim: {claimName: training-labels}}]
            """,
            "apply",
            "-f",
            "-")
        .orFail();
    await("pod/static", "condition=Ready");
    assertThat(shell("static", "cat /data/hello.txt").orFail()).contains("hello.txt");
    assertThat(shell("static", "touch /data/new").output()).contains("Read-only file system");
    CLUSTER.kubectl("delete", "pod", "static").orFail();
  }

  @Test
  void mountTestPasses() throws IOException {
    apply("mount-test.yaml");
    CLUSTER
        .tool(
            "kubectl",
            Duration.ofMinutes(5),
            "wait",
            "ossmounttest/first",
            "--for=condition=Complete",
            "--timeout=290s")
        .run()
        .orFail();
    assertThat(CLUSTER.kubectl("get", "ossmounttests").output()).contains("AllPassed");
  }

  @Test
  void classOfAnotherNamespaceGivesEachClaimADirectory() throws IOException {
    apply("class-of-another-namespace.yaml");
    CLUSTER
        .kubectl(
            "-n",
            "team-a",
            "wait",
            "pvc/notebooks",
            "--for=jsonpath={.status.phase}=Bound",
            "--timeout=60s")
        .orFail();
  }
}
