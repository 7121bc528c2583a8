package io.ossmount.chaos.work;

import java.util.Optional;

/**
 * What a workload tells: a line of its process's output. Times are those of {@link
 * System#nanoTime}.
 */
public sealed interface Event {
  /** Which workload. */
  WorkKind kind();

  /**
   * An operation failed.
   *
   * @param well of one that finds its file by the path: when one ended well last that the kernel
   *     cannot do without the server; of another: when the workload last opened a file, so this one
   */
  record Failed(WorkKind kind, long at, long well, Operation operation, String errno, String detail)
      implements Event {}

  /** Bytes, a size, or a listing were not what they had to be. */
  record Wrong(WorkKind kind, long at, String detail) implements Event {}

  /** So long nothing ended well; {@code operation} is the one that then did. */
  record Gap(WorkKind kind, long from, long to, Operation operation) implements Event {}

  /** What a path is to be: of this seed and size, or, with a size of {@link #ABSENT}, not there. */
  record Change(WorkKind kind, Step step, String path, long seed, long size) implements Event {}

  /** How far a change is. */
  enum Step {
    /** It is about to be asked for: from now on either may be found. */
    INTENDED,
    /** It was acknowledged: it must be found. */
    ACKNOWLEDGED
  }

  /** Size of what is not there. */
  long ABSENT = -1;

  /** The line. */
  default String line() {
    return switch (this) {
      case Failed e ->
          join("failed", e.kind.title(), e.at, e.well, e.operation, e.errno, oneLine(e.detail));
      case Wrong e -> join("wrong", e.kind.title(), e.at, oneLine(e.detail));
      case Gap e -> join("gap", e.kind.title(), e.from, e.to, e.operation);
      case Change e -> join("change", e.kind.title(), e.step, e.path, e.seed, e.size);
    };
  }

  /** From a line; empty: it is none. */
  static Optional<Event> parse(String line) {
    var f = line.split("\t", -1);
    return switch (f[0]) {
      case "failed" ->
          Optional.of(
              new Failed(
                  kind(f),
                  Long.parseLong(f[2]),
                  Long.parseLong(f[3]),
                  Operation.valueOf(f[4]),
                  f[5],
                  f[6]));
      case "wrong" -> Optional.of(new Wrong(kind(f), Long.parseLong(f[2]), f[3]));
      case "gap" ->
          Optional.of(
              new Gap(
                  kind(f), Long.parseLong(f[2]), Long.parseLong(f[3]), Operation.valueOf(f[4])));
      case "change" ->
          Optional.of(
              new Change(
                  kind(f), Step.valueOf(f[2]), f[3], Long.parseLong(f[4]), Long.parseLong(f[5])));
      default -> Optional.empty();
    };
  }

  private static WorkKind kind(String[] fields) {
    return WorkKind.titled(fields[1]);
  }

  private static String join(String name, Object... fields) {
    var line = new StringBuilder(name);
    for (var field : fields) {
      line.append('\t').append(field);
    }
    return line.toString();
  }

  private static String oneLine(String text) {
    return text.replace('\t', ' ').replace('\n', ' ');
  }
}
