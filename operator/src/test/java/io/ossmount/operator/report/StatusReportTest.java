package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.api.v1alpha1.OssMountStatus.CacheStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import io.ossmount.api.v1alpha1.OssMountStatus.PendingStatus;
import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.CacheFigures;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.scene.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private final Scene scene =
      new Scene().nodes("n1", "n2").volume("pv-a", "n1").volume("pv-b", "n2");

  private OssMountStatus report(List<ObservedPod> created) {
    var observed = scene.observed();
    var plan = Planner.plan(observed, Scene.TEMPLATE, Scene.HASH);
    var outcome = new Outcome(created, Collections.emptySortedMap(), List.of(), Optional.empty());
    return StatusReport.of(observed, Assessment.of(observed, plan, outcome), plan.unplaced(), null);
  }

  @Test
  void figuresOfAllPodsAreAddedUp() {
    // given
    scene.servingPod("n1").servingPod("n2");
    scene.report("n1", report(2, new CacheFigures(500L << 30, 200L << 30, 97, 1)));
    scene.report("n2", report(1, new CacheFigures(500L << 30, 212L << 30, 0, 2)));

    // when
    var status = report(List.of());

    // then
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(status.nodesReady()).isEqualTo("2/2");
    assertThat(status.volumes()).isEqualTo(2);
    assertThat(status.cache())
        .isEqualTo(new CacheStatus(Quantity.parse("1000Gi"), Quantity.parse("412Gi"), 97));
    assertThat(status.cachePods())
        .containsExactly(
            new CachePod(
                "n1",
                "training-data-n1",
                "uid-of-training-data-n1",
                true,
                2,
                Quantity.parse("200Gi")),
            new CachePod(
                "n2",
                "training-data-n2",
                "uid-of-training-data-n2",
                true,
                1,
                Quantity.parse("212Gi")));
  }

  @Test
  void aPodThatWasJustMadeIsNamedAtOnce() {
    // given
    scene.servingPod("n1");
    var made = new ArrayList<ObservedPod>();
    new Scene().pod("n2", Scene.troubled(null, "")).observed().pods().forEach(made::add);

    // when
    var status = report(made);

    // then
    assertThat(status.nodesReady()).isEqualTo("1/2");
    assertThat(status.cachePods())
        .extracting(CachePod::uid)
        .containsExactly("uid-of-training-data-n1", "uid-of-training-data-n2");
  }

  @Test
  void aCacheThatNobodyReadHasNoShareOfHits() {
    // given
    scene.servingPod("n1");

    // then
    assertThat(report(List.of()).cache())
        .isEqualTo(new CacheStatus(Quantity.parse("0"), Quantity.parse("0"), null));
  }

  @Test
  void whatWaitsIsToldByNodeAndInAll() {
    // given
    scene.servingPod("n1").uploads("n1", 3, Scene.START.minusSeconds(9), "Reachable");
    scene.remembering(
        Memory.NONE.withUploads(Map.of("n9", new PendingFigures(1 << 20, 1, Scene.START, null))));

    // then
    assertThat(report(List.of()).pending())
        .isEqualTo(
            new PendingStatus(
                4L,
                Quantity.parse("4Mi"),
                "2026-11-22T11:59:51Z",
                List.of(
                    new NodePending("n1", 3L, Quantity.parse("3Mi"), "2026-11-22T11:59:51Z"),
                    new NodePending("n9", 1L, Quantity.parse("1Mi"), "2026-11-22T12:00:00Z"))));
  }

  private static PodReport report(int sessions, CacheFigures figures) {
    return new PodReport(
        Scene.START, null, Scene.HASH, new Store("Reachable", "", false), sessions, figures);
  }
}
