package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeTable.Node;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The directories of a session that are written down. Not thread-safe.
 *
 * <p>Problem: the kernel knows any number of directories, and there is room for some 16,000
 * records. Solution: directories make room that nobody has open; after a takeover the kernel looks
 * them up again by their names. Cost: who has one as its working directory, or mounted as a
 * sub-path, sees ESTALE then. So those that came first are the last to go, as sub-paths are mounted
 * when a pod starts; of the others those go first that were used the longest time ago.
 */
final class RecordedDirectories {
  /** Half of the small records. */
  private static final int FIRM = 8192;

  private final LinkedHashSet<Node> firm = new LinkedHashSet<>();

  /** Of the others, those with a small record, and those with a large one. */
  private final LinkedHashSet<Node> small = new LinkedHashSet<>();

  private final LinkedHashSet<Node> large = new LinkedHashSet<>();

  /** A directory is used, and written down. */
  void used(Node node) {
    if (firm.contains(node)) {
      return;
    }
    remove(node);
    (firm.size() < FIRM ? firm : others(node.isRecordSmall())).add(node);
  }

  private Set<Node> others(boolean isSmall) {
    return isSmall ? small : large;
  }

  void remove(Node node) {
    firm.remove(node);
    small.remove(node);
    large.remove(node);
  }

  /** Takes out the one of these that is to go first, of those with a record of that size. */
  Optional<Node> take(boolean isSmall, Predicate<Node> isWanted) {
    return Stream.<Collection<Node>>of(others(isSmall), firm.reversed())
        .flatMap(nodes ->
            takeFirst(nodes, node -> node.isRecordSmall() == isSmall && isWanted.test(node))
                .stream())
        .findFirst();
  }

  private static Optional<Node> takeFirst(Collection<Node> nodes, Predicate<Node> isWanted) {
    for (Iterator<Node> each = nodes.iterator(); each.hasNext(); ) {
      Node node = each.next();
      if (isWanted.test(node)) {
        each.remove();
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  void clear() {
    firm.clear();
    small.clear();
    large.clear();
  }
}
