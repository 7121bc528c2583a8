package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.NestedMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.api.v1alpha1.OssMountStatus.CacheStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import io.ossmount.api.v1alpha1.OssMountStatus.PendingStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusThrottleTest {
  private static final Instant WRITTEN = Instant.parse("2026-11-22T12:00:00Z");
  private static final OssMountStatus BEFORE = status("Serving", "fine", "2/2", "412Gi", 90, 1);

  private static OssMountStatus status(
      String reason, String message, String nodes, String used, int hits, int sessions) {
    return status(reason, message, nodes, used, hits, sessions, List.of());
  }

  private static OssMountStatus status(
      String reason,
      String message,
      String nodes,
      String used,
      int hits,
      int sessions,
      List<NestedMountStatus> mounts) {
    return new OssMountStatus(
        3L,
        List.of(
            new Condition(
                "Ready", Condition.Status.True, reason, message, 3L, "2026-11-22T11:00:00Z")),
        nodes,
        1,
        new CacheStatus(Quantity.parse("500Gi"), Quantity.parse(used), hits),
        List.of(new CachePod("n1", "p", "u", true, sessions, Quantity.parse(used))),
        null,
        mounts,
        null,
        null,
        null);
  }

  @Test
  void whatIsTheSameIsNotWritten() {
    assertThat(StatusThrottle.due(BEFORE, BEFORE, WRITTEN)).isEmpty();
  }

  @Test
  void aNestedMountThatBreaksIsWrittenAtOnceAndItsOtherWordsSoon() {
    // given
    var before = status("Serving", "fine", "2/2", "412Gi", 90, 1, labels("Reachable", "answers"));
    var broken = status("Serving", "fine", "2/2", "412Gi", 90, 1, labels("AccessDenied", "no"));
    var other = status("Serving", "fine", "2/2", "412Gi", 90, 1, labels("Reachable", "is there"));

    // then
    assertThat(StatusThrottle.due(before, broken, WRITTEN)).contains(Instant.MIN);
    assertThat(StatusThrottle.due(before, other, WRITTEN)).contains(WRITTEN.plusSeconds(10));
  }

  private static List<NestedMountStatus> labels(String reason, String message) {
    var ready =
        new Condition("Ready", Condition.Status.True, reason, message, 3L, "2026-11-22T11:00:00Z");
    return List.of(new NestedMountStatus("labels", "b", "", false, List.of(ready)));
  }

  @Test
  void theFirstStatusIsWrittenAtOnce() {
    assertThat(StatusThrottle.due(null, BEFORE, WRITTEN)).contains(Instant.MIN);
  }

  @Test
  void whatProgramsWaitForIsWrittenAtOnce() {
    assertThat(
            StatusThrottle.due(BEFORE, status("ClockSkew", "fine", "2/2", "412Gi", 90, 1), WRITTEN))
        .contains(Instant.MIN);
    assertThat(
            StatusThrottle.due(BEFORE, status("Serving", "fine", "1/2", "412Gi", 90, 1), WRITTEN))
        .contains(Instant.MIN);
    assertThat(
            StatusThrottle.due(BEFORE, status("Serving", "fine", "2/2", "412Gi", 90, 0), WRITTEN))
        .contains(Instant.MIN);
  }

  @Test
  void muchMoreCachedIsWrittenSoon() {
    // given
    var before = status("Serving", "fine", "2/2", "64Mi", 90, 1);
    var after = status("Serving", "fine", "2/2", "80Mi", 90, 1);

    // then
    assertThat(StatusThrottle.due(before, after, WRITTEN)).contains(WRITTEN.plusSeconds(10));
  }

  @Test
  void otherWordsAreWrittenSoon() {
    assertThat(
            StatusThrottle.due(BEFORE, status("Serving", "good", "2/2", "412Gi", 90, 1), WRITTEN))
        .contains(WRITTEN.plusSeconds(10));
  }

  @Test
  void otherFiguresAreWrittenLater() {
    assertThat(
            StatusThrottle.due(BEFORE, status("Serving", "fine", "2/2", "412Gi", 91, 1), WRITTEN))
        .contains(WRITTEN.plusSeconds(60));
  }

  @Test
  void aNodeThatBeginsToHaveSomethingToUploadIsWrittenSoonAndThatItHasNothingMoreLater() {
    // given
    var one = waiting("n1");
    var two = waiting("n1", "n2");

    // then
    assertThat(StatusThrottle.due(waiting(), one, WRITTEN)).contains(WRITTEN.plusSeconds(10));
    assertThat(StatusThrottle.due(one, two, WRITTEN)).contains(WRITTEN.plusSeconds(10));
    assertThat(StatusThrottle.due(two, one, WRITTEN)).contains(WRITTEN.plusSeconds(60));
    assertThat(StatusThrottle.due(one, waiting(), WRITTEN)).contains(WRITTEN.plusSeconds(60));
  }

  private static OssMountStatus waiting(String... nodes) {
    var rows = Stream.of(nodes).map(node -> new NodePending(node, 1L, null, null)).toList();
    var pending = rows.isEmpty() ? null : new PendingStatus((long) rows.size(), null, null, rows);
    return new OssMountStatus(
        3L, List.of(), "0/0", 0, null, List.of(), null, List.of(), null, pending, null);
  }
}
