package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.Descriptors;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.fuse.kernel.BindMount;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountTable;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel itself. System calls run on platform threads: a blocking one would hold the carrier of
 * a virtual thread. Those that make mounts share a few, as none of them waits for a FUSE server:
 * mount(2) leaves INIT in the queue of the connection, and a bind mount looks at the root of a
 * mount without asking for it. Those that unmount can wait: {@link Unmounts}.
 */
public final class KernelMounter implements Mounter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelMounter.class);
  private static final int THREADS = 8;
  private static final int MOST_WAITING = 1_000;
  private static final Duration MOST_OF_ONE_CALL = Duration.ofSeconds(20);

  /** Layers of one mount point that are taken away before something must be wrong. */
  private static final int MOST_LAYERS = 16;

  /** Sequential reads past the page cache's edge need long requests; the default is 128. */
  private static final int READ_AHEAD_KIBIBYTES = 4_096;

  private final Unmounts unmounts = new Unmounts();
  private final ThreadPoolExecutor threads;

  /** Starts no thread yet. */
  public KernelMounter() {
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            MOST_OF_ONE_CALL.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("mounter-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public MountTable mounts() {
    try {
      return MountTable.read();
    } catch (IOException e) {
      throw new NodeFault("cannot read the mount table: " + e.getMessage());
    }
  }

  @Override
  public Descriptors mountFuse(Path directory, FuseMount.Options options)
      throws InterruptedException {
    return call(() -> {
      var memory = SessionMemory.create();
      try {
        return new Descriptors(FuseMount.mount(directory, options), memory);
      } catch (IOException | RuntimeException e) {
        memory.close();
        throw e;
      }
    });
  }

  @Override
  public void bind(Path source, Path target, BindMount.Options options)
      throws InterruptedException {
    call(() -> {
      BindMount.bind(source, target, options);
      return true;
    });
  }

  @Override
  public void restrict(Path target, BindMount.Options options) throws InterruptedException {
    call(() -> {
      BindMount.restrict(target, options);
      return true;
    });
  }

  @Override
  public boolean unmount(Path target, Deadline deadline) throws InterruptedException {
    try {
      return unmounts.await(target, () -> unmountAll(target), deadline);
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  private static @Nullable Void unmountAll(Path target) throws IOException {
    for (int layer = 0; layer < MOST_LAYERS; layer++) {
      if (MountTable.read().at(target).isEmpty()) {
        return null;
      }
      FuseMount.detach(target);
    }
    throw new IOException("more than " + MOST_LAYERS + " mounts at " + target);
  }

  @Override
  public void abort(Path directory) throws InterruptedException {
    call(() -> FuseMount.abortInPlace(directory));
  }

  @Override
  public void raiseReadAhead(Path mount) {
    try {
      FuseMount.setReadAhead(mount, READ_AHEAD_KIBIBYTES);
    } catch (IOException e) {
      LOG.warn("cannot raise the read-ahead of {}: {}", mount, e.getMessage());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private <T> T call(Callable<T> work) throws InterruptedException {
    var calling = submit(work);
    try {
      return calling.get(MOST_OF_ONE_CALL.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new NodeFault(
          "the kernel does not answer within " + MOST_OF_ONE_CALL.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw fault(e);
    }
  }

  private <T> Future<T> submit(Callable<T> work) {
    try {
      return threads.submit(work);
    } catch (RejectedExecutionException _) {
      throw new NodeFault("too many mounts are under way, or the plugin stops");
    }
  }

  private static NodeFault fault(ExecutionException failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return new NodeFault(String.valueOf(cause.getMessage()));
  }
}
