package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import io.ossmount.operator.control.PendingFigures;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a status what an operator before this one knew to wait on the disks of nodes. Figures
 * are as round as the status has them.
 */
final class StatedUploads {
  private StatedUploads() {}

  /** By node. */
  static Map<String, PendingFigures> in(@Nullable OssMountStatus status) {
    return status == null || status.pending() == null
        ? Map.of()
        : status.pending().nodes().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    NodePending::node, StatedUploads::figures, (one, _) -> one));
  }

  private static PendingFigures figures(NodePending stated) {
    // A node is listed because something waits there, whoever has touched the number.
    long objects = Math.max(1, Objects.requireNonNullElse(stated.objects(), 1L));
    return new PendingFigures(bytes(stated.bytes()), objects, time(stated.oldest()), null);
  }

  private static long bytes(@Nullable Quantity quantity) {
    return quantity == null ? 0 : quantity.getNumericalAmount().longValue();
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
