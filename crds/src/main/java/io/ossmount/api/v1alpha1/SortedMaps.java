package io.ossmount.api.v1alpha1;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Maps that write themselves in the same order every time, so that what is made from them never
 * differs by order alone.
 */
final class SortedMaps {
  private SortedMaps() {}

  static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
