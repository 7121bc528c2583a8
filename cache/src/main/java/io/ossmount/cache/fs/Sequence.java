package io.ossmount.cache.fs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Learns whether the children of one directory are used in the order of its listing. Thread-safe.
 *
 * <p>Some of those behind the last one that was used are expected. The use of an expected one makes
 * the sequence more likely, and so more of them are expected; that of another begins it anew. Uses
 * may be a little out of order, as several readers that share a sequence make them.
 *
 * @param <T> a child
 */
final class Sequence<T> {
  private static final int LEAST_EXPECTED = 4;

  /** So many in order are not chance. */
  private static final int SURE = 2;

  private final int mostExpected;
  private final BiFunction<String, Integer, List<T>> listing;
  private final Function<T, String> keyOf;

  /** What is likely to be used next, in the order of the listing. */
  @GuardedBy("this")
  private final Map<String, T> expected = new LinkedHashMap<>();

  @GuardedBy("this")
  private boolean begun;

  @GuardedBy("this")
  private String last = "";

  @GuardedBy("this")
  private int streak;

  /**
   * Nothing is expected yet.
   *
   * @param mostExpected in a row
   * @param listing so many children behind a key, or from the first on, as far as they are known
   */
  Sequence(
      int mostExpected, BiFunction<String, Integer, List<T>> listing, Function<T, String> keyOf) {
    this.mostExpected = mostExpected;
    this.listing = listing;
    this.keyOf = keyOf;
  }

  /**
   * What a use tells.
   *
   * @param isExpected it goes on as a sequence
   * @param next those that are now surely expected and were not before
   */
  record Step<T>(boolean isExpected, List<T> next) {}

  /** A child is used. */
  synchronized Step<T> used(String key) {
    begun = true;
    if (expected.remove(key) == null) {
      streak = 0;
      expected.clear();
      last = key;
      extend(LEAST_EXPECTED);
      return new Step<>(false, List.of());
    }
    streak++;
    if (streak < SURE) {
      return new Step<>(true, List.of());
    }
    int wanted = Math.min(mostExpected, LEAST_EXPECTED * streak);
    boolean isFirst = streak == SURE;
    List<T> more = expected.size() < wanted / 2 + 1 ? extend(wanted) : List.of();
    return new Step<>(true, isFirst ? List.copyOf(expected.values()) : more);
  }

  /** The first children are expected before any is used; once. Those that are new. */
  synchronized List<T> begin() {
    if (begun) {
      return List.of();
    }
    begun = true;
    streak = SURE;
    return extend(LEAST_EXPECTED);
  }

  /** Expects so many in all; those that are new. */
  @GuardedBy("this")
  private List<T> extend(int wanted) {
    List<T> more = listing.apply(last, wanted - expected.size());
    for (T next : more) {
      expected.put(keyOf.apply(next), next);
      last = keyOf.apply(next);
    }
    return more;
  }
}
