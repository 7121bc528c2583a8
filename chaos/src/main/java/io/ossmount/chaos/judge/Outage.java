package io.ossmount.chaos.judge;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What has to go on while OSS is away, and what cannot. Pure. */
public final class Outage {
  /** Nobody waits for OSS; a machine may be busy. */
  static final Duration CACHED = Duration.ofSeconds(2);

  private Outage() {}

  /**
   * Reads of what was wholly in the cache, and which waited all the same; one line each. To open it
   * is something else: that needs OSS when what is known of the file is older than {@code
   * attributeTimeout}.
   *
   * @param from when OSS went away, as {@link System#nanoTime}
   */
  public static List<String> waits(Collection<Event> events, long from) {
    return events.stream()
        .filter(Event.Gap.class::isInstance)
        .map(Event.Gap.class::cast)
        .filter(gap -> isOfCached(gap.kind(), gap.operation()))
        .filter(gap -> gap.to() - from - Math.max(gap.from() - from, 0) > CACHED.toNanos())
        .map(gap ->
            "%s of what is cached waited for more than %d ms (%s)"
                .formatted(gap.operation(), CACHED.toMillis(), gap.kind().title()))
        .distinct()
        .toList();
  }

  /** Whether an application got an error. */
  public static boolean isSeen(Collection<Event> events) {
    return events.stream().anyMatch(Event.Failed.class::isInstance);
  }

  private static boolean isOfCached(WorkKind kind, Operation operation) {
    return switch (operation) {
      case READ -> kind == WorkKind.PASSTHROUGH;
      case MAPPED_READ -> kind == WorkKind.MAPPED;
      default -> false;
    };
  }
}
