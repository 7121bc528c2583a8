package io.ossmount.operator.report;

import io.ossmount.operator.plan.PendingUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells how far an update of cache pods is. */
final class UpdateFinding {
  private static final String TYPE = Reasons.UPDATE_PENDING;

  private UpdateFinding() {}

  static Finding of(@Nullable PendingUpdate pending) {
    return switch (pending) {
      case null -> Finding.no(TYPE, Reasons.UP_TO_DATE, "all cache pods are as the spec says");
      case PendingUpdate.Rolling rolling ->
          Finding.yes(
              TYPE,
              Reasons.UPDATING,
              "%s; next %s%s"
                  .formatted(progress(rolling.progress()), rolling.next(), after(rolling.after())));
      case PendingUpdate.Stopped stopped ->
          Finding.yes(
              TYPE,
              Reasons.UPDATE_STOPPED,
              "%s; stopped at %s, where %s; the other nodes keep what they have"
                  .formatted(progress(stopped.progress()), stopped.node(), stopped.why()));
      case PendingUpdate.Replacing replacing ->
          Finding.yes(
              TYPE,
              Reasons.REPLACING,
              "cache pods are replaced one at a time for changed " + parts(replacing.parts()));
      case PendingUpdate.Waiting waiting ->
          Finding.yes(
              TYPE,
              waiting.volumes().isEmpty() ? Reasons.UPLOADING : Reasons.VOLUMES_IN_USE,
              waiting(waiting));
    };
  }

  private static String progress(PendingUpdate.Progress progress) {
    var count = "%d of %d nodes updated".formatted(progress.updated().size(), progress.nodes());
    return progress.updated().isEmpty() ? count : count + ": " + Names.some(progress.updated());
  }

  private static String after(@Nullable String node) {
    return node == null ? "" : ", once the cache pod of " + node + " is ready";
  }

  private static String waiting(PendingUpdate.Waiting waiting) {
    var reason =
        waiting.volumes().isEmpty()
            ? "until what was written is in OSS"
            : "while volumes are in use: " + Names.some(waiting.volumes());
    var message =
        "changed %s needs new cache pods, which wait %s".formatted(parts(waiting.parts()), reason);
    return waiting.refusal() == null
        ? message
        : message + "; the API server refuses to change the pods that run: " + waiting.refusal();
  }

  private static String parts(List<String> parts) {
    return String.join(", ", parts);
  }
}
