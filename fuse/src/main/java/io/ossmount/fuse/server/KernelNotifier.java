package io.ossmount.fuse.server;

import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.protocol.Capabilities;
import io.ossmount.fuse.protocol.Notification;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the notices of one session, in order, on a platform thread that is there only while there
 * are some: the kernel may keep the writer waiting for a lock.
 */
final class KernelNotifier implements Notifier {
  private static final Logger LOG = LoggerFactory.getLogger(KernelNotifier.class);
  private static final int QUEUE = 4096;
  private static final long IDLE_SECONDS = 5;

  private final FuseDevice device;
  private final ThreadPoolExecutor writer;

  /** Used by the writer alone. */
  private final MemorySegment room = Arena.ofAuto().allocate(Notification.MAX_BYTES);

  private volatile boolean knowsEpochs;

  KernelNotifier(String name, FuseDevice device) {
    this.device = device;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("fuse-notify-" + name).factory());
    writer.allowCoreThreadTimeOut(true);
  }

  void onNegotiated(Capabilities kernel) {
    knowsEpochs = kernel.epochs();
  }

  @Override
  public boolean invalInode(long node) {
    return queue(new Notification.InvalInode(node));
  }

  @Override
  public boolean invalEntry(long parent, String name) {
    return queue(new Notification.InvalEntry(parent, name));
  }

  @Override
  public boolean incEpoch() {
    return knowsEpochs && queue(new Notification.IncEpoch());
  }

  /** Drops what is queued. */
  void close() {
    writer.shutdownNow();
  }

  private boolean queue(Notification notification) {
    try {
      writer.execute(() -> write(notification));
      return true;
    } catch (RejectedExecutionException fullOrClosed) {
      return false;
    }
  }

  private void write(Notification notification) {
    try {
      int result = device.write(room, notification.encode(room));
      // ENOENT: the kernel holds nothing of it. ENODEV, ENOTCONN: the session is over.
      if (result == -Errors.EINVAL) {
        LOG.warn("kernel refuses {}: errno {}", notification, -result);
      }
    } catch (RuntimeException e) {
      LOG.error("could not send {}", notification, e);
    }
  }
}
