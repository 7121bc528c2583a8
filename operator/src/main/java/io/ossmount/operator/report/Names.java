package io.ossmount.operator.report;

import java.util.List;
import java.util.stream.Collectors;

/** Names in a message: as many as anybody reads. */
final class Names {
  private static final int MAX_NAMES = 5;

  private Names() {}

  static String some(List<String> names) {
    var shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
    return names.size() <= MAX_NAMES
        ? shown
        : shown + " and " + (names.size() - MAX_NAMES) + " more";
  }
}
