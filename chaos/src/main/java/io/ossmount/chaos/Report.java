package io.ossmount.chaos;

import io.ossmount.chaos.work.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Results in Markdown. Pure. */
final class Report {
  private static final int MOST_VIOLATIONS = 40;

  private final Results results;
  private final UnaryOperator<String> permitted;

  /**
   * A report.
   *
   * @param permitted what workloads may see, by row
   */
  Report(Results results, UnaryOperator<String> permitted) {
    this.results = results;
    this.permitted = permitted;
  }

  /**
   * The text of the section of the document.
   *
   * @param where it happened, and how
   */
  String section(Setting setting, String where) {
    return """
    Written by `%s` on %s, seed %d. Machine: %s.

    %s
    Workloads read, write and walk it meanwhile: every byte that is
    read follows from a seed and an offset and is checked, every write that was acknowledged is compared with the bucket, after
    each fault and in the end, and no file may be left that was not uploaded.
    A server is killed only while requests are outstanding, and not again within 16 s: at the fifth time within a minute its supervisor leaves it
    to kubelet, which waits longer each time. A pause is a time in which no operation of a workload ended well, counted from the
    fault; that of a row is the longest one of any workload, for each fault. What a workload may see stands beside each fault; CONTRIBUTING.md has the options.

    %s
    The same pauses by workload, milliseconds, p50 / p99 / max:

    %s
    Operations that were under way when the faults happened:

    %s
    %s
    """
        .formatted(
            setting.command(),
            setting.date(),
            setting.seed(),
            setting.machine(),
            where.strip(),
            table(),
            byWorkload(),
            inFlight(),
            violations());
  }

  /** One row for each fault, and one for what was found when no one worked any more. */
  String table() {
    var text = new StringBuilder();
    line(
        text,
        List.of(
            "fault",
            "times",
            "allowed: pause, errors",
            "longest pause, ms: p50 / p99 / max",
            "errors",
            "wrong bytes",
            "lost writes",
            "leaks"));
    line(text, List.of("---", "---", "---", "---", "---", "---", "---", "---"));
    results
        .rows()
        .forEach((row, findings) ->
            line(
                text,
                List.of(
                    row,
                    Integer.toString(findings.size()),
                    permitted.apply(row),
                    Results.percentiles(Results.longest(findings)),
                    Integer.toString(errors(findings)),
                    Integer.toString(findings.stream().mapToInt(f -> f.wrongBytes().size()).sum()),
                    Integer.toString(findings.stream().mapToInt(f -> f.lostWrites().size()).sum()),
                    Integer.toString(findings.stream().mapToInt(f -> f.leaks().size()).sum()))));
    var end = AtTheEnd.of(results.last());
    line(
        text,
        List.of(
            AtTheEnd.ROW,
            "1",
            "none",
            "",
            Integer.toString(end.errors()),
            Integer.toString(end.wrong()),
            Integer.toString(end.lost()),
            Integer.toString(end.leaks())));
    return text.toString();
  }

  /** The same pauses by workload. */
  String byWorkload() {
    var kinds = new ArrayList<WorkKind>();
    results.rows().values().stream()
        .flatMap(List::stream)
        .flatMap(finding -> finding.pauses().keySet().stream())
        .distinct()
        .sorted()
        .forEach(kinds::add);
    var text = new StringBuilder();
    var head = new ArrayList<>(List.of("fault"));
    kinds.forEach(kind -> head.add(kind.title()));
    line(text, head);
    line(text, head.stream().map(_ -> "---").toList());
    results
        .rows()
        .forEach((row, findings) -> {
          var cells = new ArrayList<>(List.of(row));
          for (var kind : kinds) {
            cells.add(
                Results.percentiles(
                    findings.stream()
                        .filter(finding -> finding.pauses().containsKey(kind))
                        .map(finding -> finding.pauses().get(kind))
                        .toList()));
          }
          line(text, cells);
        });
    return text.toString();
  }

  /** What was under way when the faults happened. */
  String inFlight() {
    var text = new StringBuilder();
    results
        .rows()
        .forEach((row, findings) ->
            text.append("* ")
                .append(row)
                .append(": ")
                .append(Results.inFlight(findings))
                .append('\n'));
    return text.toString();
  }

  /** What was not allowed; one line each. */
  String violations() {
    if (results.violations().isEmpty()) {
      return "Nothing happened that is not allowed.\n";
    }
    var text = new StringBuilder("Not allowed, and how many faults showed it:\n\n");
    results.violations().entrySet().stream()
        .limit(MOST_VIOLATIONS)
        .forEach(
            entry -> text.append("* ").append(entry.getKey()).append(times(entry)).append('\n'));
    var more = results.violations().size() - MOST_VIOLATIONS;
    return more > 0 ? text + "* and " + more + " more\n" : text.toString();
  }

  private static String times(Map.Entry<String, Integer> entry) {
    return entry.getValue() == 1 ? "" : " (" + entry.getValue() + ")";
  }

  private static int errors(List<Finding> findings) {
    return findings.stream()
        .flatMap(finding -> finding.errors().values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
