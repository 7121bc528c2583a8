package io.ossmount.chaos.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a writer has made and does not delete at once, so that it is there when the bucket is looked
 * at: one in some stays for ever, the others until some more were made. Not thread-safe.
 */
final class Leftovers {
  private final int oneIn;
  private final int most;
  private final Deque<String> waiting = new ArrayDeque<>();
  private long made;

  /**
   * None yet.
   *
   * @param oneIn of so many one stays for ever
   * @param most of the others that are there
   */
  Leftovers(int oneIn, int most) {
    this.oneIn = oneIn;
    this.most = most;
  }

  /** Takes one more; returns the one that is to be deleted now, if there is one. */
  Optional<String> add(String path) {
    if (made++ % oneIn != 0) {
      waiting.add(path);
    }
    return waiting.size() > most ? Optional.of(waiting.remove()) : Optional.empty();
  }
}
