package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link StandIn}s of a process: one thread for all of them, and none when there are none.
 * Thread-safe.
 */
public final class StandIns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandIns.class);

  /** How often it is looked who is being killed. */
  private static final long SWEEP_MILLIS = 1_000;

  /** Requests of one session in a row. */
  private static final int TURNS = 16;

  private final StandInTotals totals = new StandInTotals();
  private final ThreadFactory threads;
  private @Nullable Round round;

  /** None yet. */
  public StandIns() {
    this(Thread.ofPlatform().daemon().name("stand-in").factory());
  }

  /** None yet, in another thread than usual. */
  StandIns(ThreadFactory threads) {
    this.threads = threads;
  }

  /**
   * What was done since the start.
   *
   * @param answered requests that the session's memory had the answer to
   * @param kept requests for the next server
   * @param ended requests of processes that were being killed
   */
  public record Counts(long answered, long kept, long ended) {}

  /** What was done. */
  public Counts counts() {
    return totals.counts();
  }

  /**
   * Stands in for the server of a session from now on. Whoever has read the descriptor before has
   * to be provably dead.
   *
   * @param fuse the session's descriptor, which stays the caller's
   * @param memfd the session's memory, which stays the caller's
   * @return empty: no server has answered INIT yet, so that there is nothing to stand in for
   */
  public Optional<StandIn> begin(StandIn.Task task, Descriptor fuse, Descriptor memfd)
      throws IOException {
    SessionMemory memory = SessionMemory.map(memfd.duplicate());
    if (memory.negotiated().isEmpty()) {
      memory.close();
      return Optional.empty();
    }
    Descriptor own;
    try {
      own = fuse.duplicate();
    } catch (IOException | RuntimeException | Error e) {
      memory.close();
      throw e;
    }
    try {
      return Optional.of(add(task, new FuseDevice(own), memory));
    } catch (IOException | RuntimeException | Error e) {
      own.close();
      memory.close();
      throw e;
    }
  }

  private synchronized StandIn add(StandIn.Task task, FuseDevice device, SessionMemory memory)
      throws IOException {
    Round running = round;
    if (running == null) {
      running = start();
      // Not before: a round without a thread would be found by all who come later.
      round = running;
    }
    try {
      return running.add(task, device, memory);
    } finally {
      endIfEmpty(running);
    }
  }

  private Round start() throws IOException {
    Round starting = new Round(new Epoll());
    try {
      threads.newThread(starting).start();
      return starting;
    } catch (RuntimeException | Error e) {
      starting.epoll.close();
      throw e;
    }
  }

  private synchronized void endIfEmpty(Round ending) {
    if (ending.standIns.isEmpty()) {
      ending.epoll.wakeAll();
      round = round == ending ? null : round;
    }
  }

  /** The next one begins with another thread. */
  private synchronized void abandon(Round broken) {
    round = round == broken ? null : round;
    broken.standIns.values().forEach(StandIn::giveUp);
  }

  /** Ends all of them. */
  @Override
  public void close() {
    Round running;
    synchronized (this) {
      running = round;
    }
    if (running != null) {
      running.standIns.values().forEach(StandIn::close);
    }
  }

  /** The thread, from the first one until there are none. */
  private final class Round implements Runnable {
    private final Epoll epoll;
    private final Map<Long, StandIn> standIns = new ConcurrentHashMap<>();
    private long tokens;

    Round(Epoll epoll) {
      this.epoll = epoll;
    }

    /** With the lock of the outer object. */
    StandIn add(StandIn.Task task, FuseDevice device, SessionMemory memory) throws IOException {
      long token = tokens++;
      var place = new StandIn.Place(epoll, token);
      var standIn = new StandIn(task, totals, device, memory, place, () -> remove(token));
      standIns.put(token, standIn);
      try {
        standIn.open();
        return standIn;
      } catch (IOException | RuntimeException | Error e) {
        standIns.remove(token);
        throw e;
      }
    }

    private void remove(long token) {
      standIns.remove(token);
      endIfEmpty(this);
    }

    @Override
    public void run() {
      try (epoll) {
        var waiter = epoll.waiter();
        long swept = System.nanoTime();
        long token = waiter.await((int) SWEEP_MILLIS);
        while (token != Epoll.WOKEN) {
          takeTurns(token);
          if (System.nanoTime() - swept >= TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS)) {
            standIns.values().forEach(this::sweep);
            swept = System.nanoTime();
          }
          token = waiter.await((int) SWEEP_MILLIS);
        }
      } catch (IOException | RuntimeException | Error e) {
        LOG.error("sessions without a server wait for the next one", e);
        abandon(this);
      }
    }

    private void takeTurns(long token) {
      StandIn standIn = standIns.get(token);
      if (standIn == null) {
        return;
      }
      try {
        for (int i = 0; i < TURNS; i++) {
          if (standIn.turn() != StandIn.Turn.HANDLED) {
            return;
          }
        }
      } catch (RuntimeException | Error e) {
        LOG.error("{} ends", standIn, e);
        standIn.giveUp();
      }
    }

    private void sweep(StandIn standIn) {
      try {
        standIn.sweep();
      } catch (RuntimeException | Error e) {
        LOG.error("{} ends", standIn, e);
        standIn.giveUp();
      }
    }
  }
}
