package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NestedMountStateTest {
  private static final Outcome NOTHING_DONE =
      new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty());
  private static final Store REACHABLE = new Store("Reachable", "", false);
  private static final Store DENIED = new Store("AccessDenied", "OSS says no", false);

  private final Scene scene =
      new Scene()
          .nodes("n1", "n2")
          .volume("pv-a", "n1", "n2")
          .servingPod("n1")
          .servingPod("n2")
          .mounts(
              "[{path: labels, bucket: my-labels, secretRef: {name: of-labels}},"
                  + " {path: raw/2024, bucket: raw, directory: y2024, readOnly: true}]")
          .finds("n1", "labels", REACHABLE)
          .finds("n2", "labels", REACHABLE)
          .finds("n1", "raw/2024", REACHABLE)
          .finds("n2", "raw/2024", REACHABLE);

  private Assessment assess() {
    var observed = scene.observed();
    return Assessment.of(
        observed, Planner.plan(observed, Scene.TEMPLATE, Scene.HASH), NOTHING_DONE);
  }

  private static Finding labels(Assessment assessment) {
    return assessment.mounts().getFirst().ready();
  }

  private OssMountStatus report() {
    return StatusReport.of(scene.observed(), assess(), 0, null);
  }

  @Test
  void mountsThatEveryPodReachesAreReady() {
    // when
    var assessment = assess();

    // then
    assertThat(assessment.mounts())
        .extracting(NestedMountState::ready)
        .containsExactly(
            Finding.yes("Ready", "Reachable", "bucket my-labels answers"),
            Finding.yes("Ready", "Reachable", "bucket raw answers"));
    assertThat(assessment.findings())
        .contains(Finding.yes("MountsReady", "Reachable", "2 of 2 nested mounts work"));
    assertThat(assessment.ready().message()).isEqualTo("2 of 2 nodes serve");
    assertThat(assessment.isAllWell()).isTrue();
    assertThat(report().mountsReady()).isEqualTo("2/2");
  }

  @Test
  void aBrokenMountLeavesTheOssMountReadyAndIsNamed() {
    // given
    scene.finds("n2", "labels", DENIED);

    // when
    var assessment = assess();

    // then
    assertThat(labels(assessment))
        .isEqualTo(
            Finding.no(
                "Ready",
                "AccessDenied",
                "on node n2: OSS says no; allow the key to use the bucket"));
    assertThat(assessment.ready())
        .isEqualTo(
            Finding.yes(
                "Ready",
                "Serving",
                "2 of 2 nodes serve; 1 of 2 nested mounts is broken: labels (AccessDenied)"));
    assertThat(assessment.findings())
        .contains(
            Finding.no(
                "MountsReady",
                "AccessDenied",
                "1 of 2 nested mounts is broken: labels (AccessDenied)"));
    assertThat(assessment.isAllWell()).isFalse();
    assertThat(report().mountsReady()).isEqualTo("1/2");
  }

  @Test
  void whatBreaksIsToldInAnEvent() {
    // given
    scene.finds("n1", "labels", DENIED).finds("n2", "labels", DENIED);

    // then
    assertThat(assess().warnings())
        .extracting(Finding::message)
        .containsExactly("nested mount labels: OSS says no; allow the key to use the bucket");
  }

  @Test
  void aRemedyNamesTheFieldAndTheSecretOfTheMount() {
    // given
    var denied = new Store("BucketNotFound", "gone", false);
    var signature = new Store("SignatureMismatch", "wrong", false);
    var disk = new Store("CacheDiskFailed", "No space left on device", false);

    // then
    assertThat(labels(assessedAfter(disk)).message())
        .contains("No space left on device; see to the disk of the cache directory");
    assertThat(labels(assessedAfter(denied)).message())
        .contains("check spec.mounts[labels].bucket and spec.mounts[labels].endpoint");
    assertThat(labels(assessedAfter(signature)).message())
        .contains("check accessKeySecret in Secret of-labels");
  }

  private Assessment assessedAfter(Store store) {
    scene.finds("n1", "labels", store).finds("n2", "labels", store);
    return assess();
  }

  @Test
  void aMissingSecretIsOfTheMountAlone() {
    // given
    scene.credentialsOf("labels", new CredentialsLookup.SecretMissing("of-labels"));

    // when
    var assessment = assess();

    // then
    assertThat(labels(assessment))
        .isEqualTo(
            Finding.no(
                "Ready",
                "SecretMissing",
                "spec.mounts[labels].secretRef: there is no Secret of-labels in this namespace;"
                    + " create it"));
    assertThat(assessment.ready().is(Condition.Status.True)).isTrue();
    assertThat(assessment.findings())
        .contains(Finding.yes("CredentialsResolved", "Resolved", "the Secret has the credentials"));
  }

  @Test
  void whatNoPodHasInForceYetIsBeingChecked() {
    // given
    scene.mounts("[{path: new, bucket: new-bucket}]");

    // when
    var assessment = assess();

    // then
    assertThat(labels(assessment))
        .isEqualTo(Finding.unknown("Ready", "Checking", "the bucket is being checked"));
    assertThat(assessment.findings())
        .contains(
            Finding.unknown(
                "MountsReady", "Checking", "nested mount new: the bucket is being checked"));
    assertThat(assessment.isReady()).isTrue();
  }

  @Test
  void anOldAnswerSaysNothing() {
    // given
    scene.after(Duration.ofMinutes(2));

    // then
    assertThat(labels(assess()).reason()).isEqualTo("NotChecked");
  }

  @Test
  void anEmptyDirectoryIsToldInTheCondition() {
    // given
    scene.finds("n1", "raw/2024", new Store("Reachable", "", true));

    // then
    assertThat(assess().mounts().getLast().ready())
        .isEqualTo(
            Finding.yes("Ready", "DirectoryEmpty", "directory y2024 of bucket raw has no objects"));
  }

  @Test
  void whoMountsOntoAFileIsTold() {
    // given
    scene.finds("n1", "raw/2024", new Store("Reachable", "", false, true));

    // then
    assertThat(assess().mounts().getLast().ready())
        .isEqualTo(
            Finding.yes(
                "Ready",
                "HidesFile",
                "the bucket around it has a file raw/2024, which nobody sees; give the mount"
                    + " another path, or move the file"));
    assertThat(assess().warnings()).extracting(Finding::reason).containsExactly("HidesFile");
    assertThat(report().mountsReady()).isEqualTo("2/2");
  }

  @Test
  void theStatusHasARowForEachMount() {
    // when
    var rows = report().mounts();

    // then
    assertThat(rows)
        .extracting(row -> row.path() + " " + row.bucket() + " " + row.directory())
        .containsExactly("labels my-labels ", "raw/2024 raw y2024");
    assertThat(rows).extracting(row -> row.readOnly()).containsExactly(false, true);
    assertThat(rows)
        .allSatisfy(row ->
            assertThat(row.conditions()).extracting(Condition::type).containsExactly("Ready"));
  }

  @Test
  void aConditionOfAMountKeepsItsTimeWhileItsStatusStays() {
    // given
    var before = report();
    scene.after(Duration.ofSeconds(30)).finds("n2", "labels", DENIED);

    // when
    var after = StatusReport.of(scene.observed(), assess(), 0, before);

    // then
    assertThat(after.mounts().getLast().conditions().getFirst().lastTransitionTime())
        .isEqualTo("2026-11-22T12:00:00Z");
    assertThat(after.mounts().getFirst().conditions().getFirst().lastTransitionTime())
        .isEqualTo("2026-11-22T12:00:30Z");
  }

  @Test
  void withoutNestedMountsNothingIsSaidOfThem() {
    // given
    scene.mounts("[]");

    // then
    assertThat(assess().findings()).extracting(Finding::type).doesNotContain("MountsReady");
    assertThat(report().mountsReady()).isNull();
  }
}
