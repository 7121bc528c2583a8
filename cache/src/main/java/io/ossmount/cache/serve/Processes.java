package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.SeenTask;
import java.util.List;

/**
 * Tells the processes of a mount apart by the numbers of their threads, which requests carry.
 * Thread-safe.
 */
@FunctionalInterface
public interface Processes {
  /** Nobody can tell. */
  Processes UNKNOWN = (tasks, other) -> false;

  /** Those of a mount that this process has made itself. */
  Processes OF_OWN_MOUNT = (tasks, other) -> SeenTask.allLiveApartFrom(other, tasks);

  /**
   * Whether each of these threads certainly lives still, and none is of the process of {@code
   * other}, which waits for an answer: no when anything about it is in doubt. May wait for the node
   * plugin, about a second at most; not for a reader of requests.
   */
  boolean allLiveApart(List<SeenTask> tasks, int other);
}
