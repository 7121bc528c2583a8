package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.EmulatorPod.Rights;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two more buckets, each with a key of its own, at paths of an OssMount whose pod never restarts;
 * the tests are steps of its life.
 */
@TestMethodOrder(OrderAnnotation.class)
final class NestedMountsE2E {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String NAME = "nested";
  private static final String LABELS = "e2e-nested-labels";
  private static final String RAW = "e2e-nested-raw";
  private static final String LABELS_MOUNT =
      "- {path: labels, bucket: " + LABELS + ", secretRef: {name: of-labels}}\n";
  private static final String RAW_MOUNT =
      "- {path: deep/raw, bucket: "
          + RAW
          + ", directory: y2024, readOnly: true, secretRef: {name: of-raw}}\n";

  private static TestBed bed;
  private static EmulatorPod.Key labelsKey;
  private static List<String> cachePods;

  @BeforeAll
  static void aPodThatSeesThreeBuckets() {
    bed = TestBed.create("e2e-nested");
    EmulatorPod oss = bed.oss();
    oss.createBucket(LABELS);
    oss.createBucket(RAW);
    oss.put(bed.bucket(), "root.txt", "of the root".getBytes(UTF_8));
    oss.put(bed.bucket(), "labels/hidden.txt", "hidden".getBytes(UTF_8));
    oss.put(bed.bucket(), "deep/raw", "a file".getBytes(UTF_8));
    oss.put(LABELS, "cat.txt", "a cat".getBytes(UTF_8));
    oss.put(RAW, "y2024/january.txt", "cold".getBytes(UTF_8));
    labelsKey = oss.newKey(Rights.FULL);
    bed.space().secret("of-labels", labelsKey);
    bed.space().secret("of-raw", oss.newKey(Rights.READ_ONLY));
    mounts(LABELS_MOUNT);
    bed.pod(NAME, bed.firstNode(), NAME);
    ready("1/1");
    cachePods = cachePodUids();
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  private static void mounts(String yaml) {
    bed.mount(NAME, "files: {uid: 1000, gid: 1000}\n" + (yaml.isEmpty() ? "" : "mounts:\n" + yaml));
  }

  private static String shell(String script) {
    return bed.space().shell(NAME, "cd /data && " + script).output();
  }

  /** A shell does not tell that closing a file failed; dd tells that storing it did. */
  private static String write(String path, String line) {
    return shell("echo %s | dd of=%s conv=fsync && echo written".formatted(line, path));
  }

  private static void soon(String what, ThrowingRunnable assertion) {
    await(what).atMost(SOON).pollInterval(Duration.ofMillis(500)).untilAsserted(assertion);
  }

  private static void ready(String count) {
    soon(
        count + " nested mounts work",
        () ->
            assertThat(bed.space().field("ossmount", NAME, "{.status.mountsReady}"))
                .isEqualTo(count));
  }

  private static String condition(String path) {
    return bed.space()
        .field(
            "ossmount",
            NAME,
            "{range .status.mounts[?(@.path==\"%s\")].conditions[?(@.type==\"Ready\")]}"
                    .formatted(path)
                + "{.status} {.reason} {.message}{end}");
  }

  private static List<String> cachePodUids() {
    return bed.space().cachePods(NAME).stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  @Test
  @Order(1)
  void itsFilesAreReadAndWrittenWithItsOwnKey() {
    assertThat(shell("cat labels/cat.txt root.txt")).contains("a cat", "of the root");
    assertThat(shell("ls labels")).doesNotContain("hidden.txt");
    assertThat(write("labels/dog.txt", "a dog")).contains("written");
    assertThat(new String(bed.oss().get(LABELS, "dog.txt"), UTF_8)).isEqualTo("a dog\n");
    assertThat(bed.oss().keysUsed(LABELS)).contains(labelsKey.id());
    assertThat(bed.oss().keysUsed(bed.bucket())).doesNotContain(labelsKey.id());
  }

  @Test
  @Order(2)
  void aMountThatIsAddedIsSeenByTheRunningPod() {
    // when
    mounts(LABELS_MOUNT + RAW_MOUNT);

    // then
    soon(
        "the added mount is there",
        () -> assertThat(shell("cat deep/raw/january.txt")).contains("cold"));
    ready("2/2");
    soon(
        "who mounts onto a file is told",
        () ->
            assertThat(condition("deep/raw"))
                .startsWith("True HidesFile ")
                .contains("a file deep/raw", "another path"));
    assertThat(shell("touch deep/raw/new")).contains("Read-only file system");
    assertThat(bed.oss().keys(bed.bucket(), "deep")).containsExactly("deep/raw");
  }

  @Test
  @Order(3)
  void movingAcrossCopies() {
    assertThat(shell("echo moved > to-move.txt && mv to-move.txt labels/moved.txt && ls labels"))
        .contains("moved.txt");
    assertThat(new String(bed.oss().get(LABELS, "moved.txt"), UTF_8)).isEqualTo("moved\n");
    assertThat(bed.oss().keys(bed.bucket(), "to-move")).isEmpty();
  }

  @Test
  @Order(4)
  void wrongCredentialsOfOneAreItsOwnTrouble() {
    // when
    bed.space().secret("of-labels", new EmulatorPod.Key("nobody", "nothing"));

    // then
    soon(
        "the condition of the mount names the reason",
        () -> assertThat(condition("labels")).startsWith("False InvalidAccessKey "));
    assertThat(condition("labels")).contains("Secret of-labels").doesNotContain("nothing");
    soon(
        "Ready stays and names the mount",
        () ->
            assertThat(bed.space().condition(NAME, "Ready"))
                .startsWith("True Serving ")
                .contains("1 of 2 nested mounts is broken: labels (InvalidAccessKey)"));
    assertThat(bed.space().condition(NAME, "MountsReady")).startsWith("False InvalidAccessKey ");
    soon(
        "an Event tells it",
        () ->
            assertThat(bed.space().events("OssMount", NAME))
                .anyMatch(event -> event.startsWith("InvalidAccessKey: nested mount labels: ")));
    assertThat(shell("cat root.txt deep/raw/january.txt")).contains("of the root", "cold");
    assertThat(write("more.txt", "more")).contains("written");
    assertThat(write("labels/refused.txt", "x")).doesNotContain("written");
  }

  @Test
  @Order(5)
  void changedCredentialsHealIt() {
    // when
    bed.space().secret("of-labels", labelsKey);

    // then
    ready("2/2");
    soon(
        "it can be written again",
        () -> assertThat(write("labels/again.txt", "again")).contains("written"));
    assertThat(new String(bed.oss().get(LABELS, "again.txt"), UTF_8)).isEqualTo("again\n");
  }

  @Test
  @Order(6)
  void aMissingSecretIsNamed() {
    // when
    mounts(LABELS_MOUNT + RAW_MOUNT.replace("of-raw", "not-there"));

    // then
    soon(
        "the missing Secret is named",
        () ->
            assertThat(condition("deep/raw"))
                .startsWith("False SecretMissing spec.mounts[deep/raw].secretRef: ")
                .contains("not-there"));
    assertThat(bed.space().condition(NAME, "Ready")).startsWith("True Serving ");
    assertThat(shell("cat labels/cat.txt")).contains("a cat");
  }

  @Test
  @Order(7)
  void whatIsRemovedIsGoneAndWhatItHidIsThere() {
    // when
    mounts("");

    // then
    soon(
        "what was hidden is there again",
        () -> assertThat(shell("cat labels/hidden.txt")).contains("hidden"));
    soon("the file is there again", () -> assertThat(shell("cat deep/raw")).contains("a file"));
    soon(
        "nothing is said of it any more",
        () -> {
          assertThat(bed.space().field("ossmount", NAME, "{.status.mounts}")).isIn("", "[]");
          assertThat(bed.space().condition(NAME, "MountsReady")).isEmpty();
        });
    assertThat(new String(bed.oss().get(LABELS, "cat.txt"), UTF_8)).isEqualTo("a cat");
    assertThat(cachePodUids()).isEqualTo(cachePods);
    assertThat(bed.space().field("pod", NAME, "{.status.containerStatuses[0].restartCount}"))
        .isEqualTo("0");
  }

  @Test
  @Order(8)
  void aPathOutsideIsRefused() {
    var result =
        bed.space()
            .tryApply(bed.mountYaml(NAME, "mounts: [{path: ../up, bucket: " + LABELS + "}]"));
    assertThat(result.succeeded()).isFalse();
    assertThat(result.output()).contains("must not be . or ..");
  }

  @Test
  @Order(9)
  void whenTheBucketIsNotThereItIsSaid() {
    // when
    mounts("- {path: gone, bucket: e2e-nested-not-there}\n");

    // then
    soon(
        "the unknown bucket is named",
        () -> assertThat(condition("gone")).startsWith("False BucketNotFound "));
    assertThat(condition("gone")).contains("check spec.mounts[gone].bucket");
    assertThat(shell("cat root.txt")).contains("of the root");
    mounts("");
    bed.space().awaitCondition(NAME, "Ready", "True Serving", Workspace.PATIENCE);
  }
}
