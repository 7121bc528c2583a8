package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Installation;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An OssMountTest tests an OssMount, and tells what it found. */
@Order(4)
final class MountTestE2E {
  private static final Logger LOG = LoggerFactory.getLogger(MountTestE2E.class);

  /** Of a whole run on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final List<String> BASIC_FILES =
      List.of(
          "default_tests_files/BasicFile_Cache_Async",
          "default_tests_files/BasicFile_Cache_Through",
          "default_tests_files/BasicFile_None_Async",
          "default_tests_files/BasicFile_None_Through");

  private static TestBed bed;

  @BeforeAll
  static void anOssMount() {
    bed = TestBed.create("e2e-mounttest");
    bed.oss().put(bed.bucket(), "files/there.txt", "content".getBytes(UTF_8));
    bed.mount("files", "directory: files");
    bed.space().awaitReady("files");
  }

  @AfterAll
  static void removeIt() {
    bed.space().kubectl("delete", "ossmounttests", "--all", "--wait=true", "--timeout=60s");
    bed.close();
  }

  @Test
  void aMountThatIsFinePassesAndLeavesTheFilesToLookAt() {
    // when
    var test = run("fine", "files", "");
    // then
    LOG.info("{}", bed.space().kubectl("get", "ossmounttests", "fine").output());
    assertThat(test.tests()).noneMatch(row -> row.result() != Result.Passed);
    assertThat(test.tests())
        .extracting(OssMountTestStatus.Test::name)
        .contains("Cache_Through/Append", "None_Async/LargeFile", "Store/ClockSkew");
    assertThat(reason("fine")).isEqualTo("AllPassed");
    int rows = test.tests().size();
    assertThat(test.passed()).isEqualTo(rows + "/" + rows);
    assertThat(bed.oss().keys(bed.bucket(), "files/default_tests_files/"))
        .containsAll(BASIC_FILES.stream().map("files/"::concat).toList())
        .noneMatch(key -> key.contains("/run-"));
    assertThat(
            new String(
                bed.oss().get(bed.bucket(), "files/default_tests_files/BasicFile_None_Through"),
                UTF_8))
        .startsWith("BasicFile_None_Through, line 1\n");
    await("its claims are gone")
        .atMost(Workspace.PATIENCE)
        .until(() ->
            bed.space()
                .kubectl("get", "pvc", "-l", "ossmount.io/test=fine", "-o", "name")
                .orFail()
                .isEmpty());

    // when
    run("clean", "files", "cleanup: true");
    // then
    assertThat(reason("clean")).isEqualTo("AllPassed");
    assertThat(bed.oss().keys(bed.bucket(), "files/")).containsExactly("files/there.txt");
  }

  @Test
  @ResourceLock(EmulatorPod.FAULTS)
  void aBucketThatMayNotBeWrittenToIsSaidTestByTest() {
    // given
    bed.oss().createBucket("e2e-mounttest-denied");
    bed.space()
        .apply(
            bed.mountYaml("denied", "")
                .replace("bucket: " + bed.bucket(), "bucket: e2e-mounttest-denied"));
    bed.space().awaitReady("denied");
    // Not all keys: OssMounts that may write nothing are not ready, and not tested.
    bed.oss().deny("e2e-mounttest-denied", "PUT", "default_tests_files/*");
    try {
      // when
      var test = run("denied", "denied", "");
      // then
      assertThat(reason("denied")).isEqualTo("TestsFailed");
      assertThat(row(test, "Rights/List").result()).isEqualTo(Result.Passed);
      assertThat(row(test, "Rights/Write").result()).isEqualTo(Result.Failed);
      assertThat(row(test, "Rights/Write").message()).contains("AccessDenied", "PUT");
      assertThat(row(test, "Cache_Through/BasicFile").result()).isEqualTo(Result.Failed);
    } finally {
      bed.oss().clearFaults();
    }
  }

  @Test
  void aTestOfNothingSaysWhatToDo() {
    // when
    run("of-nothing", "not-there", "timeout: 5s");
    // then
    assertThat(reason("of-nothing")).isEqualTo("OssMountMissing");
    assertThat(field("of-nothing", "message")).contains("no OssMount not-there", "make it");
  }

  @Test
  void helmTestAsksWhetherTheInstallationWorks() {
    assertThat(Installation.test(bed.cluster())).contains("its operator is ready");
  }

  /** Runs a test to its end. */
  private static OssMountTestStatus run(String name, String ossMount, String more) {
    bed.space()
        .apply(
            """
            apiVersion: ossmount.io/v1alpha1
            kind: OssMountTest
            metadata: {name: %s}
            spec:
              ossMountRef: {name: %s}
            %s\
            """
                .formatted(name, ossMount, more.indent(2)));
    await("OssMountTest " + name + " ends")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() ->
            assertThat(
                    bed.space()
                        .field(
                            "ossmounttest",
                            name,
                            "{.status.conditions[?(@.type==\"Complete\")].status}"))
                .as(() -> bed.space().kubectl("get", "ossmounttest", name, "-o", "yaml").output())
                .isEqualTo("True"));
    return Objects.requireNonNull(
            bed.cluster()
                .client()
                .resources(OssMountTest.class)
                .inNamespace(bed.space().namespace())
                .withName(name)
                .get())
        .getStatus();
  }

  private static OssMountTestStatus.Test row(OssMountTestStatus status, String name) {
    return status.tests().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row " + name + " in " + status));
  }

  private static String reason(String test) {
    return field(test, "reason");
  }

  private static String field(String test, String field) {
    return bed.space()
        .field(
            "ossmounttest",
            test,
            "{.status.conditions[?(@.type==\"Passed\")].%s}".formatted(field));
  }
}
