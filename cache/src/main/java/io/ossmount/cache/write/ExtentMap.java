package io.ossmount.cache.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which ranges of a file are there: disjoint, not touching, in order. Not thread-safe. */
final class ExtentMap {
  private final TreeMap<Long, Long> ends = new TreeMap<>();
  private long total;

  /**
   * A range.
   *
   * @param start first byte
   * @param end after the last byte
   */
  record Range(long start, long end) {
    long length() {
      return end - start;
    }
  }

  /** Adds a range; what of it was there already stays. */
  void add(long start, long end) {
    if (start >= end) {
      return;
    }
    long from = start;
    long to = end;
    Map.Entry<Long, Long> before = ends.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
      remove(before);
    }
    for (var next = ends.ceilingEntry(from);
        next != null && next.getKey() <= to;
        next = ends.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      remove(next);
    }
    ends.put(from, to);
    total += to - from;
  }

  private void remove(Map.Entry<Long, Long> entry) {
    ends.remove(entry.getKey());
    total -= entry.getValue() - entry.getKey();
  }

  /** Takes away all from {@code limit} on. */
  void truncate(long limit) {
    for (var last = ends.lastEntry();
        last != null && last.getValue() > limit;
        last = ends.lastEntry()) {
      remove(last);
      if (last.getKey() < limit) {
        ends.put(last.getKey(), limit);
        total += limit - last.getKey();
      }
    }
  }

  /** Whether all of a range is there. */
  boolean covers(long start, long end) {
    Map.Entry<Long, Long> at = ends.floorEntry(start);
    return start >= end || (at != null && at.getValue() >= end);
  }

  /** Whether some of a range is there. */
  boolean touches(long start, long end) {
    Map.Entry<Long, Long> at = ends.lowerEntry(end);
    return start < end && at != null && at.getValue() > start;
  }

  /** How many bytes of a range are there. */
  long covered(long start, long end) {
    return end - start - missing(start, end).stream().mapToLong(Range::length).sum();
  }

  /** What of a range is not there, in order. */
  List<Range> missing(long start, long end) {
    List<Range> gaps = new ArrayList<>();
    long at = start;
    Long first = ends.floorKey(start);
    for (var extent : ends.subMap(first == null ? start : first, true, end, false).entrySet()) {
      if (extent.getKey() > at) {
        gaps.add(new Range(at, extent.getKey()));
      }
      at = Math.max(at, extent.getValue());
    }
    if (at < end) {
      gaps.add(new Range(at, end));
    }
    return gaps;
  }

  /** All that is there, in order. */
  List<Range> ranges() {
    return ends.entrySet().stream().map(at -> new Range(at.getKey(), at.getValue())).toList();
  }

  /** Bytes that are there. */
  long total() {
    return total;
  }

  /** After the last byte that is there; 0 when none is. */
  long end() {
    return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
  }
}
