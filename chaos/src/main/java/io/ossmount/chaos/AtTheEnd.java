package io.ossmount.chaos;

import java.util.List;

/**
 * What the last look found, as the cells of a row.
 *
 * @param errors workloads that did not end, and what they saw and should not
 * @param wrong what was read and not right
 * @param lost writes that are lost or wrong
 * @param leaks what was left behind
 */
record AtTheEnd(int errors, int wrong, int lost, int leaks) {
  /** Its row. */
  static final String ROW = "at the end";

  /** Of what it said. */
  static AtTheEnd of(List<String> lines) {
    var lost = begin(lines, LastLook.LOST);
    var errors = begin(lines, LastLook.HANGS) + begin(lines, LastLook.SEEN);
    var wrong = begin(lines, Finding.WRONG);
    return new AtTheEnd(errors, wrong, lost, lines.size() - lost - errors - wrong);
  }

  private static int begin(List<String> lines, String with) {
    return (int) lines.stream().filter(line -> line.startsWith(with)).count();
  }
}
