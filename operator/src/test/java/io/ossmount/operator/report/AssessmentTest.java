package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.Condition.Status;
import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssessmentTest {
  private static final Outcome NOTHING_DONE =
      new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty());

  private final Scene scene = new Scene().nodes("n1").volume("pv-a", "n1");

  private Assessment assess(Outcome outcome) {
    var observed = scene.observed();
    return Assessment.of(observed, Planner.plan(observed, Scene.TEMPLATE, Scene.HASH), outcome);
  }

  private Assessment assess() {
    return assess(NOTHING_DONE);
  }

  private static Finding find(Assessment assessment, String type) {
    return assessment.findings().stream()
        .filter(finding -> finding.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allServing() {
    // given
    scene.nodes("n2").volume("pv-b", "n2").servingPod("n1").servingPod("n2");

    // when
    var assessment = assess();

    // then
    assertThat(assessment.ready()).isEqualTo(Finding.yes("Ready", "Serving", "2 of 2 nodes serve"));
    assertThat(assessment.findings())
        .extracting(Finding::status)
        .containsExactly(Status.True, Status.True, Status.True, Status.True, Status.False);
    assertThat(assessment.problem()).isEmpty();
  }

  @Test
  void writesThatWaitForLongAreTold() {
    // given
    scene.servingPod("n1").uploads("n1", 3, scene.now().minusSeconds(30), "Reachable");

    // when
    var soon = assess();
    scene.uploads("n1", 3, scene.now().minusSeconds(61), "Reachable");
    var uploading = find(assess(), "WritesPending");
    scene.uploads("n1", 3, scene.now().minusSeconds(61), "EndpointUnreachable");
    var away = find(assess(), "WritesPending");

    // then
    assertThat(soon.findings()).extracting(Finding::type).doesNotContain("WritesPending");
    assertThat(uploading.status()).isEqualTo(Status.True);
    assertThat(uploading.reason()).isEqualTo("Uploading");
    assertThat(uploading.message()).startsWith("3 objects (3Mi) go up");
    assertThat(away.reason()).isEqualTo("StoreUnreachable");
  }

  @Test
  void writesOnANodeThatIsGoneAreToldAtOnceAndHowToGiveThemUp() {
    // given
    remembering("n3").servingPod("n1").uploads("n1", 1, scene.now(), "Reachable");

    // when
    var told = assess();

    // then
    assertThat(find(told, "WritesPending"))
        .isEqualTo(
            Finding.yes(
                "WritesPending",
                "NodeGone",
                "node n3 is gone with 2 objects (2Mi): they are lost unless it comes back; to give"
                    + " them up, annotate the OssMount with ossmount.io/forget-pending=n3;"
                    + " besides, 1 objects (1Mi) wait"));
    assertThat(told.warnings()).extracting(Finding::reason).containsExactly("NodeGone");
    assertThat(told.isReady()).isTrue();
  }

  @Test
  void writesOnANodeWithoutACachePodThatAnswersAreToldAfterAWhile() {
    // given
    remembering("n1").servingPod("n1").report("n1", PodReport.NONE);

    // when
    var soon = assess();
    scene.after(Duration.ofMinutes(2));
    var later = find(assess(), "WritesPending");

    // then
    assertThat(soon.findings()).extracting(Finding::type).doesNotContain("WritesPending");
    assertThat(later.reason()).isEqualTo("CachePodAway");
    assertThat(later.message()).contains("2 objects (2Mi) wait", "no cache pod answers on n1");
  }

  @Test
  void deletionSaysWhatToDoAboutANodeThatNeverAnswers() {
    // given
    var unused = new Scene().nodes("n1").remembering(twoOn("n1")).deleting();
    unused.after(Duration.ofMinutes(2));
    var observed = unused.observed();

    // when
    var plan = Planner.plan(observed, Scene.TEMPLATE, Scene.HASH);

    // then
    assertThat(Assessment.of(observed, plan, NOTHING_DONE).ready().message())
        .endsWith(
            "; no cache pod answers on n1; to give them up, annotate the OssMount with"
                + " ossmount.io/forget-pending=n1");
  }

  private static Memory twoOn(String node) {
    return Memory.NONE.withUploads(Map.of(node, new PendingFigures(2 << 20, 2, Scene.START, null)));
  }

  private Scene remembering(String node) {
    return scene.remembering(twoOn(node));
  }

  @Test
  void deletionThatWaitsForUploadsSaysSo() {
    // given
    var unused = new Scene().nodes("n1").servingPod("n1");
    var observed = unused.uploads("n1", 2, unused.now(), "Reachable").deleting().observed();

    // when
    var plan = Planner.plan(observed, Scene.TEMPLATE, Scene.HASH);

    // then
    assertThat(Assessment.of(observed, plan, NOTHING_DONE).ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "DeletionBlocked",
                "deletion waits for 2 objects (2Mi) that were written and are not in OSS yet"));
  }

  @Test
  void aMissingSecretIsTheReasonEvenIfThePodsStillServe() {
    // given
    scene.servingPod("n1").credentials(new CredentialsLookup.SecretMissing("oss-credentials"));

    // when
    var assessment = assess();

    // then
    assertThat(assessment.ready().reason()).isEqualTo("SecretMissing");
    assertThat(assessment.ready().message())
        .isEqualTo(
            "spec.secretRef: there is no Secret oss-credentials in this namespace; create it");
    assertThat(find(assessment, "BucketReachable").status()).isEqualTo(Status.True);
    assertThat(assessment.serving()).isEqualTo(1);
    assertThat(assessment.problem()).contains(assessment.ready());
  }

  @Test
  void withoutAnEndpointItIsSaidWhereToWriteOne() {
    // given
    scene.withoutEndpoint().servingPod("n1");

    // then
    assertThat(assess().ready().reason()).isEqualTo("EndpointMissing");
    assertThat(assess().ready().message()).startsWith("spec.endpoint is absent");
    assertThat(assess().ready().is(Status.False)).isTrue();
  }

  @Test
  void aMissingKeyIsNamed() {
    // given
    scene
        .servingPod("n1")
        .credentials(new CredentialsLookup.KeyMissing("oss-credentials", "accessKeySecret"));

    // then
    assertThat(assess().ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "SecretKeyMissing",
                "spec.secretRef: Secret oss-credentials has no key accessKeySecret; add it"));
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidAccessKey, accessKeyId",
    "SignatureMismatch, accessKeySecret in Secret oss-credentials",
    "WriteDenied, spec.readOnly: true",
    "ListDenied, oss:ListObjects",
    "ClockSkew, clock of the node",
    "BucketNotFound, spec.bucket",
    "EndpointUnreachable, spec.endpoint",
    "AccessDenied, allow the key",
    "CredentialsMissing, oss-credentials"
  })
  void whatTheCachePodFindsIsTheReasonAndHasARemedy(String reason, String remedy) {
    // given
    scene.pod("n1", Scene.troubled(null, "")).answers("n1", reason, "because");

    // when
    var assessment = assess();

    // then
    assertThat(assessment.ready().reason()).isEqualTo(reason);
    assertThat(assessment.ready().message()).startsWith("because; ").contains(remedy);
    assertThat(find(assessment, "BucketReachable").status()).isEqualTo(Status.False);
    assertThat(find(assessment, "CachePodsReady").status()).isEqualTo(Status.True);
  }

  @Test
  void aBucketThatOneNodeCannotReachIsToldWithTheNode() {
    // given
    scene.nodes("n2").volume("pv-b", "n2").servingPod("n1").pod("n2", pod -> pod);
    scene.answers("n2", "EndpointUnreachable", "connection refused");

    // then
    assertThat(assess().ready().message()).startsWith("on node n2: connection refused; ");
  }

  @Test
  void aReasonThatIsNoWordIsNotPassedOn() {
    // given
    scene.pod("n1", pod -> pod).answers("n1", "<script>", "because");

    // then
    assertThat(assess().ready().reason()).isEqualTo("BucketUnreachable");
  }

  @Test
  void anEmptyDirectoryIsAWarning() {
    // given
    scene.directory("datasets").servingPod("n1");
    scene.report(
        "n1",
        new PodReport(
            Scene.START,
            null,
            Scene.HASH,
            new Store("Reachable", "", true),
            0,
            Scene.figures(0, 0)));

    // when
    var assessment = assess();

    // then
    assertThat(assessment.isReady()).isTrue();
    assertThat(assessment.ready().message())
        .startsWith("1 of 1 nodes serve; directory datasets of bucket my-bucket has no objects");
    assertThat(assessment.warnings()).extracting(Finding::reason).containsExactly("DirectoryEmpty");
  }

  @Test
  void theSchedulersWordsAreTold() {
    // given
    scene.pod("n1", Scene.troubled(Trouble.Kind.UNSCHEDULABLE, "Insufficient memory"));

    // then
    assertThat(assess().ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "CachePodPending",
                "on node n1 cache pod training-data-n1 cannot be scheduled: Insufficient memory"));
  }

  @Test
  void quotasAndAdmissionsWordsAreTold() {
    // given
    var rejected = new TreeMap<>(Map.of("n1", "exceeded quota: pods"));

    // then
    assertThat(assess(new Outcome(List.of(), rejected, List.of(), Optional.empty())).ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "CachePodRejected",
                "on node n1 the API server refuses the cache pod: exceeded quota: pods"));
  }

  @Test
  void aRefusedSecretIsTold() {
    assertThat(assess(Outcome.secretRejected("exceeded quota: secrets")).ready())
        .isEqualTo(
            Finding.no(
                "Ready",
                "SecretRejected",
                "the API server refuses the Secret for the cache pods: exceeded quota: secrets"));
  }

  @Test
  void aPodThatStartsIsNobodysProblem() {
    // given
    scene.pod("n1", Scene.troubled(null, ""));

    // when
    var assessment = assess();

    // then
    assertThat(assessment.ready().reason()).isEqualTo("CachePodStarting");
    assertThat(assessment.problem()).isEmpty();
  }

  @Test
  void onceItTakesTooLongItIs() {
    // given
    scene.pod("n1", Scene.troubled(null, "")).after(Duration.ofMinutes(2));

    // then
    assertThat(assess().problem()).map(Finding::reason).contains("CachePodFailing");
  }

  @Test
  void aPodThatNoLongerAnswersTheOperatorIsTold() {
    // given
    scene.servingPod("n1");
    scene.report(
        "n1",
        new PodReport(
            Scene.START,
            "UNAVAILABLE",
            Scene.HASH,
            new Store("Reachable", "", false),
            0,
            Scene.figures(0, 0)));

    // when
    var soon = assess();
    scene.after(Duration.ofMinutes(2));
    var later = assess();

    // then
    assertThat(soon.isReady()).isTrue();
    assertThat(later.ready().reason()).isEqualTo("CachePodUnreachable");
  }

  @Test
  void aPodThatDoesNotTakeUpItsConfigurationIsTold() {
    // given
    scene
        .servingPod("n1")
        .remembering(
            new Memory(
                Map.of(),
                Map.of("uid-of-training-data-n1", new Memory.Push("new", 4, Scene.START)),
                Map.of(),
                List.of(),
                Map.of(),
                false,
                Map.of(),
                Map.of()));

    // then
    assertThat(assess().ready().reason()).isEqualTo("ConfigurationNotTaken");
  }

  @Test
  void replicasWithoutANodeAreTold() {
    // given
    scene.servingPod("n1").cache("{replicas: 2}");

    // then
    assertThat(assess().ready().reason()).isEqualTo("NoNode");
  }

  @Test
  void anOssMountThatNobodyNeedsIsReady() {
    // given
    var idle = new Scene().nodes("n1").cache("{replicas: 0}").observed();

    // when
    var assessment =
        Assessment.of(idle, Planner.plan(idle, Scene.TEMPLATE, Scene.HASH), NOTHING_DONE);

    // then
    assertThat(assessment.ready().reason()).isEqualTo("Idle");
  }

  @Test
  void aDeletionThatVolumesBlockNamesSomeOfThem() {
    // given
    for (int i = 0; i < 9; i++) {
      scene.volume("pv-" + i);
    }
    scene.servingPod("n1").deleting();

    // then
    assertThat(assess().ready().reason()).isEqualTo("DeletionBlocked");
    assertThat(assess().ready().message()).contains("pv-a, pv-0, pv-1, pv-2, pv-3 and 5 more");
  }

  @Test
  void aPodThatWaitsForTheOneBeforeIsNobodysProblem() {
    // given
    scene.pod("n1", Scene.troubled(Trouble.Kind.UNSCHEDULABLE, "Insufficient memory"));
    scene.podNamed("training-data-before", "n1", Scene::terminating);

    // then
    assertThat(assess().ready().message())
        .isEqualTo("on node n1 cache pod training-data-n1 waits for the one before it to end");
    assertThat(assess().problem()).isEmpty();
  }
}
