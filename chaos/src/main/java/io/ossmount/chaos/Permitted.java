package io.ossmount.chaos;

import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What workloads may see of a fault, in the words of a report's table. Pure. */
final class Permitted {
  private static final double SECOND_MILLIS = 1_000;

  private Permitted() {}

  /** By the row of a report. */
  static UnaryOperator<String> byRow(FaultKind<?>[] all, List<WorkKind> works) {
    var texts =
        Arrays.stream(all).collect(Collectors.toMap(FaultKind::title, kind -> of(kind, works)));
    return row -> texts.getOrDefault(row, "of each what its row says");
  }

  /** Such as {@code 10 s (p99 1.5 s); fsync, tar: 20 s, ENOSPC; cwd ends}. */
  static String of(FaultKind<?> kind, List<WorkKind> works) {
    var groups = works.stream().collect(Collectors.groupingBy(kind::allowed));
    var text =
        groups.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<Allowed, List<WorkKind>>>comparingInt(
                        group -> -group.getValue().size())
                    .thenComparing(group -> titles(group.getValue())))
            .map(group -> titles(group.getValue()) + ": " + of(group.getKey()))
            .collect(Collectors.joining("; "));
    // The largest group is the others.
    var words = new StringBuilder(text.substring(text.indexOf(": ") + 2));
    kind.target().ifPresent(target -> words.append("; p99: ").append(seconds(target)));
    works.stream()
        .filter(Predicate.not(kind::isOutlivedBy))
        .forEach(work -> words.append("; ").append(work.title()).append(" ends"));
    return words.toString();
  }

  private static String titles(List<WorkKind> works) {
    return works.stream().map(WorkKind::title).collect(Collectors.joining(", "));
  }

  private static String of(Allowed allowed) {
    var errnos = String.join(", ", new TreeSet<>(allowed.errnos()));
    return seconds(allowed.pause()) + (errnos.isEmpty() ? "" : ", " + errnos);
  }

  private static String seconds(Duration duration) {
    var seconds = duration.toMillis() / SECOND_MILLIS;
    return seconds == Math.rint(seconds) ? (long) seconds + " s" : seconds + " s";
  }
}
