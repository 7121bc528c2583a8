package io.ossmount.cache.fs;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.Predicate;

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
  /** Of each size, half of the room. */
  private final Ranks small = new Ranks(8_192);

  private final Ranks large = new Ranks(512);

  /** Those with records of one size. */
  private static final class Ranks {
    private final int most;
    private final LinkedHashSet<Node> firm = new LinkedHashSet<>();
    private final LinkedHashSet<Node> others = new LinkedHashSet<>();

    Ranks(int most) {
      this.most = most;
    }

    void used(Node node) {
      if (!firm.contains(node)) {
        others.remove(node);
        (firm.size() < most ? firm : others).add(node);
      }
    }

    void remove(Node node) {
      firm.remove(node);
      others.remove(node);
    }

    void clear() {
      firm.clear();
      others.clear();
    }
  }

  /** A directory is used, and written down. */
  void used(Node node) {
    boolean isSmall = node.isRecordSmall();
    ranks(!isSmall).remove(node);
    ranks(isSmall).used(node);
  }

  private Ranks ranks(boolean isSmall) {
    return isSmall ? small : large;
  }

  void remove(Node node) {
    small.remove(node);
    large.remove(node);
  }

  /** Takes out the one of these that is to go first, of those with records of that size. */
  Optional<Node> take(boolean isSmall, Predicate<Node> isWanted) {
    Ranks ranks = ranks(isSmall);
    // One that was renamed may be of the other size until it is used.
    Predicate<Node> fits = node -> node.isRecordSmall() == isSmall && isWanted.test(node);
    return takeFirst(ranks.others, fits).or(() -> takeFirst(ranks.firm.reversed(), fits));
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
    small.clear();
    large.clear();
  }
}
