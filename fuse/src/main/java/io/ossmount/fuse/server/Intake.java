package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Epoll;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether readers come for the requests of one session: its place in the epoll of all of them.
 * Thread-safe.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Epoll epoll;
  private final Descriptor device;
  private final long token;
  private volatile boolean isPaused;
  private volatile boolean isClosed;

  /** Not open yet. */
  Intake(Epoll epoll, Descriptor device, long token) {
    this.epoll = epoll;
    this.device = device;
    this.token = token;
  }

  /** Readers come from now on. */
  void open() throws IOException {
    epoll.add(device, token);
  }

  /**
   * Readers do not come before {@link #resume()}, unless there is room after all.
   *
   * @param hasRoom whether a request could be taken; asked after this is seen as paused, so that
   *     who gives room back in this moment either is seen here or sees this
   */
  void pause(BooleanSupplier hasRoom) {
    synchronized (this) {
      if (isPaused || isClosed) {
        return;
      }
      isPaused = true;
      if (hasRoom.getAsBoolean()) {
        isPaused = false;
        return;
      }
      control(() -> epoll.pause(device, token));
    }
  }

  /** There is room again. Cheap when it is not paused. */
  void resume() {
    if (!isPaused) {
      return;
    }
    synchronized (this) {
      if (isPaused && !isClosed) {
        isPaused = false;
        control(() -> epoll.resume(device, token));
      }
    }
  }

  /**
   * No reader comes any more: at once, for a descriptor in error would wake one again and again.
   */
  void close() {
    synchronized (this) {
      if (!isClosed) {
        isClosed = true;
        control(() -> epoll.remove(device));
      }
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  private void control(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      // Of a session that ends before it was opened, or with the whole server.
      LOG.debug("epoll of {}: {}", device, e.getMessage());
    }
  }
}
