package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that cache pods connect to, one for each OssMount of the node. Thread-safe. Takes two
 * platform threads for each OssMount, however many sessions there are.
 */
public final class PodListeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodListeners.class);

  /** A cache pod has one; a restarted one overlaps with its predecessor. */
  static final int MOST_CONNECTIONS = 8;

  private static final long PAUSE_MILLIS = 1_000;

  /** A pod says Hello at once; who does not would keep a place from one that does. */
  private static final Duration HELLO = Duration.ofSeconds(10);

  private static final long TICK_SECONDS = 1;

  private final FdStore store;
  private final int podUser;
  private final Duration hello;
  private final ThreadFactory threads;
  private final Map<String, UnixListener> listeners = new HashMap<>();
  private final ProcessWatch processes = new ProcessWatch();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("pod-watch").factory());

  /**
   * Listens for cache pods.
   *
   * @param podUser user id that cache pods run as, which alone may connect
   */
  public PodListeners(FdStore store, int podUser) {
    this(store, podUser, HELLO, Thread.ofPlatform().daemon().factory());
  }

  /**
   * The same.
   *
   * @param hello within which a pod has to say who it is
   * @param threads make one for each connection
   */
  PodListeners(FdStore store, int podUser, Duration hello, ThreadFactory threads) {
    this.store = store;
    this.podUser = podUser;
    this.hello = hello;
    this.threads = threads;
    timer.setRemoveOnCancelPolicy(true);
    var _ = timer.scheduleWithFixedDelay(this::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
  }

  private void tick() {
    try {
      store.tick();
    } catch (RuntimeException | Error e) {
      // Such as no memory for a thread: that passes, and the timer would not come again.
      LOG.error("the cache pods are not looked after", e);
    }
  }

  /** Listens at {@code socket} for the cache pods of an OssMount, unless that is so already. */
  public synchronized void listen(String ossMountUid, Path socket) throws IOException {
    if (listeners.containsKey(ossMountUid)) {
      return;
    }
    var listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
    try {
      Files.setAttribute(socket, "unix:uid", podUser, LinkOption.NOFOLLOW_LINKS);
      var directory = new OssMountDirectory(ossMountUid, directoryOf(socket));
      var _ =
          Thread.ofPlatform()
              .daemon()
              .name("accept " + ossMountUid)
              .start(() -> accept(directory, listener));
    } catch (IOException | RuntimeException | Error e) {
      listener.close();
      throw e;
    }
    listeners.put(ossMountUid, listener);
  }

  private static Path directoryOf(Path socket) {
    return Objects.requireNonNull(socket.getParent(), "a socket in a directory");
  }

  /** Stops listening for the cache pods of an OssMount. */
  public synchronized void stop(String ossMountUid) {
    var listener = listeners.remove(ossMountUid);
    if (listener != null) {
      listener.close();
    }
  }

  /** Stops listening. Connections that exist end with the process. */
  @Override
  public synchronized void close() {
    timer.shutdownNow();
    processes.close();
    listeners.values().forEach(UnixListener::close);
    listeners.clear();
  }

  private void accept(OssMountDirectory mount, UnixListener listener) {
    var places = new Semaphore(MOST_CONNECTIONS);
    try {
      while (true) {
        try {
          take(mount, listener.accept(), places);
        } catch (ClosedChannelException e) {
          LOG.debug("no longer listening for OssMount {}", mount.ossMountUid());
          return;
        } catch (IOException | RuntimeException | Error e) {
          // Such as too many open files, or no memory for a thread: that passes.
          LOG.error(
              "cannot accept a connection for OssMount {}: {}", mount.ossMountUid(), e.toString());
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(OssMountDirectory mount, UnixConnection connection, Semaphore places) {
    if (places.tryAcquire()) {
      start(mount, connection, places);
    } else {
      LOG.warn("OssMount {} has too many connections; one is refused", mount.ossMountUid());
      connection.close();
    }
  }

  private void start(OssMountDirectory mount, UnixConnection connection, Semaphore places) {
    try {
      var thread =
          threads.newThread(() -> {
            try {
              converse(mount, connection);
            } finally {
              places.release();
            }
          });
      thread.setName("from " + mount.ossMountUid());
      thread.start();
    } catch (RuntimeException | Error e) {
      // Of a thread that has not started nobody else gives the place back.
      places.release();
      connection.close();
      throw e;
    }
  }

  private void converse(OssMountDirectory mount, UnixConnection connection) {
    try (connection) {
      var process = processes.watch(mount.ossMountUid(), connection);
      var hangUp = timer.schedule(connection::close, hello.toMillis(), TimeUnit.MILLISECONDS);
      try {
        PodConnection.converse(mount, connection, store, process, () -> hangUp.cancel(false));
      } finally {
        hangUp.cancel(false);
      }
    } catch (IOException | RejectedExecutionException e) {
      LOG.warn("a connection for OssMount {} is refused: {}", mount.ossMountUid(), e.toString());
    }
  }
}
