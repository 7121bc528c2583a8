package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.SystemCallException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a reader thread does: waits for a session that has requests, and takes some.
 *
 * <p>Problem: to wake a thread on another processor takes longer than to answer most requests, and
 * all that wait are woken for each. Solution: one reader leads, the others sleep. The leader takes
 * requests and answers them itself; before one that may take long, such as a READ, it makes another
 * the leader. When requests come in quick succession the leader looks for the next one for a moment
 * before it sleeps. Cost: that moment, of one processor, after the last request of each burst.
 */
final class DeviceLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLoop.class);

  /** Requests of one session in a row, so that a busy one does not starve the others. */
  private static final int TURNS = 16;

  /** About as long as it takes to be woken. */
  private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** A request that came so soon after the one before tells of a burst. */
  private static final long QUICK_NANOS = 4 * SPIN_NANOS;

  private final Epoll.Waiter waiter;
  private final ConcurrentMap<Long, Session> sessions;
  private final Semaphore leadership;
  private final ReaderProbe probe;
  private boolean leads;

  /**
   * A loop over {@code sessions}, by their tokens in the epoll.
   *
   * @param leadership one permit, for all loops of the server
   * @param probe is answered by who leads
   */
  DeviceLoop(
      Epoll.Waiter waiter,
      ConcurrentMap<Long, Session> sessions,
      Semaphore leadership,
      ReaderProbe probe) {
    this.waiter = waiter;
    this.sessions = sessions;
    this.leadership = leadership;
    this.probe = probe;
  }

  @Override
  public void run() {
    try {
      boolean goesOn = true;
      while (goesOn) {
        leadership.acquireUninterruptibly();
        leads = true;
        goesOn = lead();
      }
    } catch (SystemCallException e) {
      LOG.error("reader ends", e);
    } finally {
      giveLead();
    }
  }

  /** Leads until another does; false: the server ends. */
  private boolean lead() throws SystemCallException {
    while (leads) {
      long start = System.nanoTime();
      long token = waiter.await(-1);
      if (token == Epoll.WOKEN) {
        return false;
      }
      if (token == ReaderProbe.TOKEN) {
        probe.answer();
      }
      Session session = sessions.get(token);
      if (session != null) {
        takeTurns(session, System.nanoTime() - start < QUICK_NANOS);
      }
    }
    return true;
  }

  private void giveLead() {
    if (leads) {
      leads = false;
      leadership.release();
    }
  }

  private void takeTurns(Session session, boolean isBurst) {
    try {
      boolean spins = isBurst;
      for (int i = 0; leads && i < TURNS; i++) {
        Session.Turn turn = session.turn(this::giveLead);
        if (turn == Session.Turn.NOTHING && spins) {
          turn = spin(session);
        }
        if (turn != Session.Turn.HANDLED) {
          return;
        }
        spins = true;
      }
    } catch (RuntimeException | Error e) {
      // No request can do this: it would be a fault of the reader's own. The others go on.
      LOG.error("{}: reader failed", session, e);
    }
  }

  private Session.Turn spin(Session session) {
    long end = System.nanoTime() + SPIN_NANOS;
    Session.Turn turn;
    do {
      Thread.onSpinWait();
      turn = session.turn(this::giveLead);
    } while (turn == Session.Turn.NOTHING && System.nanoTime() < end);
    return turn;
  }
}
