package io.ossmount.chaos;

import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.work.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often each operation was under way when a fault happened. A server that is killed or hangs
 * has to be shown in the middle of everything, so what was seldom seen is waited for. Not
 * thread-safe.
 */
final class Coverage {
  /** Faults of a row from which on it has to have had everything. */
  static final int ENOUGH_FAULTS = 100;

  /** So often, at least. */
  static final int LEAST = 10;

  private static final Set<String> ROWS = Set.of("kill-server", "stop-server");

  private final Map<String, Map<Operation, Integer>> seen = new HashMap<>();

  /** What was seen least often, or waited for in vain, when the row's faults happened. */
  Operation rarest(String row) {
    var counts = seen.getOrDefault(row, Map.of());
    return Arrays.stream(Operation.values())
        .min(Comparator.comparingInt(operation -> counts.getOrDefault(operation, 0)))
        .orElseThrow();
  }

  /** Takes a fault's moment. */
  void take(String row, Moment moment) {
    var counts = seen.computeIfAbsent(row, _ -> new EnumMap<>(Operation.class));
    var underWay = moment.noted().map(Moment.Noted::underWay).orElse(List.of());
    underWay.forEach(operation -> counts.merge(operation, 1, Integer::sum));
    // What does not come is not waited for each time.
    moment
        .rare()
        .filter(operation -> !underWay.contains(operation))
        .ifPresent(operation -> counts.merge(operation, 1, Integer::sum));
  }

  /** What was under way too seldom; one line each. Pure. */
  static List<String> missing(Map<String, List<Finding>> rows) {
    var missing = new ArrayList<String>();
    rows.forEach((row, findings) -> {
      if (ROWS.contains(row) && findings.size() >= ENOUGH_FAULTS) {
        for (var operation : Operation.values()) {
          var count = count(findings, operation);
          if (count < LEAST) {
            missing.add("%s: %s was under way %d times only".formatted(row, operation, count));
          }
        }
      }
    });
    return missing;
  }

  private static long count(List<Finding> findings, Operation operation) {
    return findings.stream()
        .flatMap(finding -> finding.inFlight().stream())
        .filter(operation.name()::equals)
        .count();
  }
}
