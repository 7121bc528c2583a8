package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.SystemCallException;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader thread does: waits for a session that has requests, and takes some. */
final class DeviceLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLoop.class);

  /** Requests of one session in a row, so that a busy one does not starve the others. */
  private static final int TURNS = 64;

  private final Epoll.Waiter waiter;
  private final ConcurrentMap<Long, Session> sessions;

  /** A loop over {@code sessions}, by their tokens in the epoll. */
  DeviceLoop(Epoll.Waiter waiter, ConcurrentMap<Long, Session> sessions) {
    this.waiter = waiter;
    this.sessions = sessions;
  }

  @Override
  public void run() {
    try {
      for (long token = waiter.await(-1); token != Epoll.WOKEN; token = waiter.await(-1)) {
        Session session = sessions.get(token);
        if (session != null) {
          takeTurns(session);
        }
      }
    } catch (SystemCallException e) {
      LOG.error("reader ends", e);
    }
  }

  private static void takeTurns(Session session) {
    try {
      for (int i = 0; i < TURNS && session.turn() == Session.Turn.HANDLED; i++) {}
    } catch (RuntimeException | Error e) {
      // No request can do this: it would be a fault of the reader's own. The others go on.
      LOG.error("{}: reader failed", session, e);
    }
  }
}
