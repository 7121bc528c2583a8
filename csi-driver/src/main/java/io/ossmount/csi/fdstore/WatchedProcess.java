package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.ProcessDescriptor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process whose descriptor {@link ProcessWatch} waits for. */
final class WatchedProcess implements ServerProcess, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedProcess.class);

  private final String ossMountUid;
  private final ProcessDescriptor descriptor;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicBoolean killed = new AtomicBoolean();

  /** Takes over the descriptor. */
  WatchedProcess(String ossMountUid, ProcessDescriptor descriptor) {
    this.ossMountUid = ossMountUid;
    this.descriptor = descriptor;
  }

  String ossMountUid() {
    return ossMountUid;
  }

  boolean is(ProcessDescriptor other) {
    return descriptor == other;
  }

  @Override
  public int pid() {
    return descriptor.pid();
  }

  @Override
  public boolean isAlive() {
    if (end.isDone()) {
      return false;
    }
    try {
      return descriptor.isAlive();
    } catch (IOException e) {
      // Closed in this moment, since it has ended; or it cannot be asked: then it may live.
      return !end.isDone();
    }
  }

  @Override
  public CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public boolean kill() {
    if (!isAlive() || !killed.compareAndSet(false, true)) {
      return false;
    }
    try {
      descriptor.kill();
      return true;
    } catch (IOException e) {
      LOG.error("process {} cannot be killed: {}", pid(), e.toString());
      return false;
    }
  }

  /** The epoll waits for its end. */
  void watchWith(Epoll epoll, long token) throws IOException {
    epoll.add(descriptor.descriptor(), token);
  }

  /** It is dead; the epoll waits for it no more. */
  void ended(Epoll epoll) {
    try {
      epoll.remove(descriptor.descriptor());
    } catch (IOException e) {
      LOG.debug("process {}: {}", pid(), e.toString());
    }
    end.complete(null);
    descriptor.close();
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "process " + pid();
  }
}
