package io.ossmount.chaos.judge;

import io.ossmount.chaos.work.Event;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mount that was dead owes to who finds files by their paths, and to who has opened them
 * since. Pure.
 */
public final class Healing {
  private Healing() {}

  /**
   * Paths that led into a dead mount again when a live one had been in its place for that workload,
   * and files of the live one that were dead; one line each. What it had open before may fail at
   * any time.
   *
   * @param events of one fault, those of a workload in their order
   * @param signs errors by which a dead mount is known then
   */
  public static List<String> relapses(Collection<Event> events, Set<String> signs) {
    var dead =
        events.stream()
            .filter(Event.Failed.class::isInstance)
            .map(Event.Failed.class::cast)
            .filter(failed -> signs.contains(failed.errno()))
            .collect(Collectors.groupingBy(Event.Failed::kind));
    return dead.values().stream().flatMap(Healing::relapsesOfOne).distinct().toList();
  }

  private static Stream<String> relapsesOfOne(List<Event.Failed> dead) {
    long first = dead.getFirst().at();
    return dead.stream()
        .filter(failed -> failed.well() - first > 0)
        .map(failed ->
            "%s from %s (%s) of a %s"
                .formatted(
                    failed.errno(),
                    failed.operation(),
                    failed.kind().title(),
                    failed.operation().isByPath()
                        ? "path that was well again"
                        : "file that was opened when it was"));
  }
}
