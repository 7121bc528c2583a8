package io.ossmount.operator.mounttest;

import java.util.List;
import java.util.Locale;

/** A pair of modes that a volume may have; the words are the values of the claims' annotations. */
record Modes(String read, String write) {
  /** All pairs, in the order in which they are tested. */
  static final List<Modes> ALL =
      List.of(
          new Modes("Cache", "Through"),
          new Modes("Cache", "Async"),
          new Modes("None", "Through"),
          new Modes("None", "Async"));

  /** Such as {@code Cache_Through}, as the cache image's {@code test} wants it. */
  String text() {
    return read + "_" + write;
  }

  /** Such as {@code cache-through}, for names of objects. */
  String suffix() {
    return text().replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Where the volume is mounted in the test's pod. */
  String path() {
    return "/mnt/" + text();
  }
}
