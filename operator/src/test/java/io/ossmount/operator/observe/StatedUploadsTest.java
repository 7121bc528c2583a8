package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import io.ossmount.api.v1alpha1.OssMountStatus.PendingStatus;
import io.ossmount.operator.control.PendingFigures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatedUploadsTest {
  private static OssMountStatus status(NodePending... nodes) {
    var pending = new PendingStatus(3L, Quantity.parse("3Mi"), null, List.of(nodes));
    return new OssMountStatus(
        1L, List.of(), "0/0", 0, null, List.of(), null, List.of(), null, pending, null);
  }

  @Test
  void whatTheStatusListsIsRemembered() {
    // given
    var status = status(new NodePending("n1", 3L, Quantity.parse("3Mi"), "2026-11-22T12:00:00Z"));

    // then
    assertThat(Memory.of(status).uploads())
        .isEqualTo(
            Map.of(
                "n1", new PendingFigures(3 << 20, 3, Instant.parse("2026-11-22T12:00:00Z"), null)));
  }

  @Test
  void figuresThatNobodyCanReadForgetNoNode() {
    // given
    var status = status(new NodePending("n1", 0L, null, "yesterday"));

    // then
    assertThat(StatedUploads.in(status))
        .isEqualTo(Map.of("n1", new PendingFigures(0, 1, null, null)));
  }

  @Test
  void aStatusWithoutIsOfNothing() {
    assertThat(StatedUploads.in(null)).isEmpty();
    assertThat(Memory.of(null)).isEqualTo(Memory.NONE);
  }
}
