package io.ossmount.csi.node;

import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Unmounts, each on a thread of its own, as one may hang: MNT_DETACH itself asks no FUSE server,
 * but with its last mount a file system goes, and before that the kernel writes back the pages that
 * were changed by mmap(2), to a server that may be gone. There is one at a time for each mount
 * point, however often kubelet asks: who comes while it is under way waits for that one. So a mount
 * that hangs costs one thread, and no other mount waits for it. Thread-safe.
 */
final class Unmounts {
  /** More mounts than that do not hang at once unless something else is wrong. */
  static final int MOST_UNDER_WAY = 256;

  private final ConcurrentMap<Path, FutureTask<Void>> underWay = new ConcurrentHashMap<>();

  /**
   * Unmounts, or waits for who does already.
   *
   * @param work what is to be done, which waits as long as the kernel does
   * @return false when it is still going on at the deadline
   * @throws ExecutionException it did not succeed
   */
  boolean await(Path target, Callable<Void> work, Deadline deadline)
      throws InterruptedException, ExecutionException {
    var task = underWay.computeIfAbsent(target, _ -> start(target, work));
    try {
      task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }

  private FutureTask<Void> start(Path target, Callable<Void> work) {
    if (underWay.size() >= MOST_UNDER_WAY) {
      throw new NodeFault(MOST_UNDER_WAY + " mounts hang while they are unmounted");
    }
    var task = new FutureTask<>(work);
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("unmounting " + target)
            .start(() -> {
              task.run();
              underWay.remove(target, task);
            });
    return task;
  }

  /** How many are going on. */
  int underWay() {
    return underWay.size();
  }
}
