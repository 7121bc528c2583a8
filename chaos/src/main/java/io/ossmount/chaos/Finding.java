package io.ossmount.chaos;

import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What was seen of one fault.
 *
 * @param row of the report that it counts for
 * @param waiting requests that were outstanding
 * @param inFlight operations that workloads were in when it happened
 * @param pauses longest one of each workload, from the fault on
 * @param errors by workload, operation and errno: how often
 * @param wrongBytes what was read and not right, as far as it was told
 * @param lostWrites what was acknowledged and the bucket does not have
 * @param leaks what was left behind
 * @param failures of what the product has to do by itself
 */
record Finding(
    String row,
    int waiting,
    List<String> inFlight,
    Map<WorkKind, Duration> pauses,
    Map<SeenError, Integer> errors,
    List<String> wrongBytes,
    List<String> lostWrites,
    List<String> leaks,
    List<String> failures) {
  /** Begin of the line of what was read and not right. */
  static final String WRONG = "wrong: ";

  /** An error that an application saw. */
  record SeenError(WorkKind work, String operation, String errno) {
    @Override
    public String toString() {
      return errno + " from " + operation + " (" + work.title() + ")";
    }
  }

  Finding {
    inFlight = List.copyOf(inFlight);
    pauses = Map.copyOf(pauses);
    errors = Map.copyOf(errors);
    wrongBytes = List.copyOf(wrongBytes);
    lostWrites = List.copyOf(lostWrites);
    leaks = List.copyOf(leaks);
    failures = List.copyOf(failures);
  }

  /** All that is not allowed, one line each; two findings of the same have the same line. */
  List<String> violations(Function<WorkKind, Allowed> allowed) {
    var violations = new ArrayList<String>(failures);
    errors.keySet().stream()
        .filter(error -> !allowed.apply(error.work()).errnos().contains(error.errno()))
        .map(SeenError::toString)
        .sorted()
        .forEach(violations::add);
    pauses.forEach((work, pause) -> {
      var limit = allowed.apply(work).pause();
      if (pause.compareTo(limit) > 0) {
        violations.add("%s paused for more than %d ms".formatted(work.title(), limit.toMillis()));
      }
    });
    wrongBytes.forEach(wrong -> violations.add(WRONG + wrong));
    lostWrites.forEach(lost -> violations.add(LastLook.LOST + lost));
    leaks.forEach(leak -> violations.add("leak: " + leak));
    return violations;
  }
}
