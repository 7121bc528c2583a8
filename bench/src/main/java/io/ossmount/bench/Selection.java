package io.ossmount.bench;

import java.util.Arrays;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param chosen ids, or what stands before a hyphen in them; none: all
 */
record Selection(Set<String> chosen) {
  Selection {
    chosen = Set.copyOf(chosen);
  }

  boolean isAll() {
    return chosen.isEmpty();
  }

  boolean has(String id) {
    return isAll() || chosen.contains(id) || chosen.contains(id.replaceFirst("-.*", ""));
  }

  boolean hasAny(String... ids) {
    return Arrays.stream(ids).anyMatch(this::has);
  }
}
