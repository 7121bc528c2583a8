package io.ossmount.chaos;

import io.ossmount.chaos.judge.Pauses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of all faults so far; says each on the standard output. Not thread-safe. */
final class Results {
  private static final int MOST_TOLD = 8;

  private final Map<String, List<Finding>> rows = new LinkedHashMap<>();
  private final Map<String, Integer> violations = new LinkedHashMap<>();
  private final List<String> last = new ArrayList<>();

  /** What was not allowed and came between the last look at a fault and the next fault. */
  void between(List<String> violated) {
    var before = rows.isEmpty() ? "before the first fault" : "between faults";
    violated.forEach(line -> violate(before + ": " + line));
    if (!violated.isEmpty()) {
      System.out.println(before + ": NOT ALLOWED: " + shorten(violated));
    }
  }

  void add(Finding finding, List<String> violated) {
    rows.computeIfAbsent(finding.row(), _ -> new ArrayList<>()).add(finding);
    violated.forEach(what -> violate(finding.row() + ": " + what));
    var worst =
        finding.pauses().entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(entry -> entry.getValue().toMillis() + " ms (" + entry.getKey().title() + ")")
            .orElse("none");
    System.out.printf(
        "%s %d: %d outstanding, longest pause %s, %s%n",
        finding.row(),
        rows.get(finding.row()).size(),
        finding.waiting(),
        worst,
        violated.isEmpty() ? "well" : "NOT ALLOWED: " + shorten(violated));
  }

  void addLast(List<String> problems) {
    last.addAll(problems);
    problems.forEach(problem -> violate("at the end: " + problem));
  }

  /** What rows do not show and have to; one line each. */
  void require(List<String> missing) {
    missing.forEach(this::violate);
  }

  /** Findings by the row that they count for. */
  Map<String, List<Finding>> rows() {
    return rows;
  }

  /** What was found at the end. */
  List<String> last() {
    return last;
  }

  /** What is not allowed, and how many faults showed it. */
  Map<String, Integer> violations() {
    return violations;
  }

  /** The longest pause of any workload, for each fault of a row. */
  static List<Duration> longest(List<Finding> findings) {
    return findings.stream()
        .map(finding ->
            finding.pauses().values().stream().max(Duration::compareTo).orElse(Duration.ZERO))
        .toList();
  }

  /** p50, p99 and max. */
  static String percentiles(List<Duration> pauses) {
    return "%d / %d / %d"
        .formatted(
            Pauses.percentile(pauses, 50).toMillis(),
            Pauses.percentile(pauses, 99).toMillis(),
            Pauses.percentile(pauses, 100).toMillis());
  }

  /** How often each operation was under way when a fault of the row happened. */
  static String inFlight(List<Finding> findings) {
    return findings.stream()
        .flatMap(finding -> finding.inFlight().stream())
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()))
        .toString();
  }

  private void violate(String what) {
    violations.merge(what, 1, Integer::sum);
  }

  private static String shorten(List<String> lines) {
    var told = lines.stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
    return lines.size() > MOST_TOLD ? told + "; and " + (lines.size() - MOST_TOLD) + " more" : told;
  }
}
