package io.ossmount.cache.serve;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The backing ids that the kernel has of one session, as far as this process knows. Thread-safe.
 */
final class KernelIds {
  private final List<Integer> inherited;
  private final Set<Integer> open = new TreeSet<>();

  /** Not needed any more, and the plugin could not be told yet. */
  private final Set<Integer> closed = new TreeSet<>();

  /** Of a session whose earlier servers had opened these. */
  KernelIds(List<Integer> inherited) {
    this.inherited = List.copyOf(inherited);
    open.addAll(inherited);
  }

  /** Those of earlier servers, also when they were closed since. */
  List<Integer> inherited() {
    return inherited;
  }

  synchronized void opened(int id) {
    open.add(id);
  }

  /** It is to be closed, by the plugin. */
  synchronized void closing(int id) {
    if (open.contains(id)) {
      closed.add(id);
    }
  }

  /** The plugin was told to close it. */
  synchronized void told(int id) {
    open.remove(id);
    closed.remove(id);
  }

  /** All that the kernel may have. */
  synchronized List<Integer> open() {
    return List.copyOf(open);
  }

  /** Those of them that are still to be closed. */
  synchronized List<Integer> closed() {
    return List.copyOf(closed);
  }
}
