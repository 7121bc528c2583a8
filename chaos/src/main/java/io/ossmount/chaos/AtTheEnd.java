package io.ossmount.chaos;

import java.util.List;

/**
 * What the last look found, as the cells of a row.
 *
 * @param errors workloads that did not end
 * @param lost writes that are lost or wrong
 * @param leaks what was left behind
 */
record AtTheEnd(int errors, int lost, int leaks) {
  /** Its row. */
  static final String ROW = "at the end";

  /** Of what it said. */
  static AtTheEnd of(List<String> lines) {
    var lost = (int) lines.stream().filter(line -> line.startsWith(LastLook.LOST)).count();
    var errors = (int) lines.stream().filter(LastLook.HANGS::equals).count();
    return new AtTheEnd(errors, lost, lines.size() - lost - errors);
  }
}
