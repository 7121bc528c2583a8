package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.ProcessDescriptor;
import io.ossmount.fuse.kernel.UnixConnection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees processes end: one thread waits for the descriptors of all of them. Thread-safe.
 *
 * <p>A process is watched from its first connection until it ends, whatever becomes of the
 * connection: it may have descriptors. So there is a limit for each OssMount.
 */
final class ProcessWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessWatch.class);

  /** Living processes of the cache pods of an OssMount; usually one, or two. */
  private static final int MOST_PROCESSES = 32;

  private final Map<Long, WatchedProcess> watched = new ConcurrentHashMap<>();
  private final ThreadFactory threads;
  private long tokens;

  /** The one that a thread waits with; null when there is none. */
  private @Nullable Epoll epoll;

  ProcessWatch() {
    this(Thread.ofPlatform().daemon().name("process-ends").factory());
  }

  /** The same, in another thread than usual. */
  ProcessWatch(ThreadFactory threads) {
    this.threads = threads;
  }

  /**
   * The process at the other end of the connection.
   *
   * @param ossMountUid whose cache pod it is
   * @throws IOException it has ended already, cannot be seen from here, or there are too many
   */
  synchronized ServerProcess watch(String ossMountUid, UnixConnection connection)
      throws IOException {
    var descriptor = ProcessDescriptor.ofPeer(connection);
    try {
      var waiting = epoll();
      int living = 0;
      for (var known : watched.values()) {
        // As long as one lives its number is no other one's.
        if (known.pid() > 0
            && known.pid() == descriptor.pid()
            && known.isAlive()
            && descriptor.isAlive()) {
          descriptor.close();
          return known;
        }
        living += known.ossMountUid().equals(ossMountUid) ? 1 : 0;
      }
      if (living >= MOST_PROCESSES) {
        throw new IOException("OssMount " + ossMountUid + " has too many processes");
      }
      var process = new WatchedProcess(ossMountUid, descriptor);
      long token = tokens++;
      watched.put(token, process);
      process.watchWith(waiting, token);
      return process;
    } catch (IOException | RuntimeException | Error e) {
      watched.values().removeIf(process -> process.is(descriptor));
      descriptor.close();
      throw e;
    }
  }

  private Epoll epoll() throws IOException {
    var existing = epoll;
    if (existing != null) {
      return existing;
    }
    var created = new Epoll();
    try {
      // Those of a thread that failed. Who has ended meanwhile is told of now.
      for (var known : watched.entrySet()) {
        known.getValue().watchWith(created, known.getKey());
      }
      threads.newThread(() -> run(created, created.waiter())).start();
    } catch (IOException | RuntimeException | Error e) {
      created.close();
      throw e;
    }
    // Not before: those who come later would wait with an epoll that nobody asks.
    epoll = created;
    return created;
  }

  private void run(Epoll of, Epoll.Waiter waiter) {
    try {
      long token = waiter.await(-1);
      while (token != Epoll.WOKEN) {
        var ended = watched.remove(token);
        if (ended != null) {
          tell(ended, of);
        }
        token = waiter.await(-1);
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("the ends of processes are not seen before another one connects", e);
      abandon(of);
    }
  }

  /** The next one that is to be watched begins with another thread. */
  private synchronized void abandon(Epoll broken) {
    epoll = epoll == broken ? null : epoll;
    broken.close();
  }

  /** What goes wrong with one is not to hide the end of the others. */
  private static void tell(WatchedProcess ended, Epoll of) {
    try {
      ended.ended(of);
    } catch (RuntimeException | Error e) {
      LOG.error("the end of {}", ended, e);
    }
  }

  /** Watches none any more; the ends of those that live are not told. */
  @Override
  public synchronized void close() {
    var open = epoll;
    if (open != null) {
      open.wakeAll();
      open.close();
    }
    watched.values().forEach(WatchedProcess::close);
    watched.clear();
  }
}
