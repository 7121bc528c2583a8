package io.ossmount.cache.fs;

import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * The files whose names were looked up last. Not thread-safe.
 *
 * <p>Problem: the next server does not know a file that nobody has open, and answers ESTALE; the
 * kernel then looks the name up and tries again, once. When that second try is under way while the
 * next server is killed as well, its caller would see ESTALE. Solution: these files are written
 * down. Cost: a record for each LOOKUP of a file.
 */
final class RecentNodes {
  /** As many programs can be between a lookup and what they looked the name up for. */
  private static final int MOST = 64;

  private final LinkedHashSet<Node> nodes = new LinkedHashSet<>();

  /**
   * A file was looked up.
   *
   * @return one that was not for the longest time and has to make room
   */
  Optional<Node> add(Node node) {
    nodes.remove(node);
    nodes.add(node);
    return nodes.size() > MOST ? Optional.of(nodes.removeFirst()) : Optional.empty();
  }

  boolean contains(Node node) {
    return nodes.contains(node);
  }

  void remove(Node node) {
    nodes.remove(node);
  }

  void clear() {
    nodes.clear();
  }
}
