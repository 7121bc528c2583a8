package io.ossmount.fuse.server;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The FUSE server of a process: a few reader threads for all of its sessions. Thread-safe.
 *
 * <pre>{@code
 * try (FuseServer server = FuseServer.start(FuseServer.Options.defaults())) {
 *   Session session = server.serve("volume-1", fuseDescriptor, memfd, state -> new MyFiles(state));
 *   session.ended().join();
 * }
 * }</pre>
 *
 * <p>Never touch a mount from the process that serves it with a call that may block a reader or a
 * carrier of virtual threads: it would wait for itself.
 */
public final class FuseServer implements AutoCloseable {
  private static final long JOIN_MILLIS = 5_000;

  private final Session.Shared shared;
  private final ConcurrentMap<Long, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final ReaderProbe probe;
  private final List<Thread> readers;

  /**
   * How much a server may use.
   *
   * @param readers threads that take requests, 1 to {@value #MAX_READERS}; a busy session has a MiB
   *     of memory for each
   * @param answerBytes memory for answers to READ that are under way, of all sessions
   * @param unwantedFlags FUSE INIT flags that are not asked for, as older kernels do not have them:
   *     the first word and, above it, the second
   */
  public record Options(int readers, long answerBytes, long unwantedFlags) {
    /** Most readers: a session's memory has as many buffers again for WRITEs that wait. */
    public static final int MAX_READERS = SessionMemory.BUFFERS / 2;

    /** Checks the ranges. */
    public Options {
      if (readers < 1 || readers > MAX_READERS || answerBytes < 0) {
        throw new IllegalArgumentException("%d readers, %d bytes".formatted(readers, answerBytes));
      }
    }

    /** 2 to 4 readers, as there are processors now, and 64 MiB. */
    public static Options defaults() {
      int readers = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
      return new Options(readers, 64L << 20, 0);
    }

    /** The same with another memory for answers. */
    public Options withAnswerBytes(long bytes) {
      return new Options(readers, bytes, unwantedFlags);
    }

    /** The same without some INIT flags. */
    public Options withoutFlags(long unwanted) {
      return new Options(readers, answerBytes, unwanted);
    }
  }

  private FuseServer(Options options, RequestObserver observer) throws IOException {
    Epoll epoll = new Epoll();
    shared =
        new Session.Shared(
            epoll, new AnswerRooms(options.answerBytes()), options.unwantedFlags(), observer);
    probe = new ReaderProbe(epoll);
    Semaphore leadership = new Semaphore(1);
    readers =
        IntStream.range(0, options.readers())
            .mapToObj(i ->
                Thread.ofPlatform()
                    .daemon()
                    .name("fuse-reader-" + i)
                    .unstarted(new DeviceLoop(epoll.waiter(), sessions, leadership, probe)))
            .toList();
  }

  /** A server without sessions; its readers run. */
  public static FuseServer start(Options options) throws IOException {
    return start(options, RequestObserver.NONE);
  }

  /** The same, whose requests somebody is told of. */
  public static FuseServer start(Options options, RequestObserver observer) throws IOException {
    FuseServer server = new FuseServer(options, observer);
    server.readers.forEach(Thread::start);
    return server;
  }

  /**
   * Serves a session from now on: a new one, or one that an earlier process has served with the
   * same two descriptors and that is provably dead. When INIT was negotiated already, no other one
   * is waited for. Requests that the earlier server left unanswered are answered: with the answer
   * that it had ready, or they are handled again, by a file system that is told how far it came.
   * What a {@link StandIn} has kept is handled as if it came now.
   *
   * @param name for logs and thread names
   * @param device of the session, mounted; taken over, also when this fails
   * @param memfd made by {@link SessionMemory#create}; taken over, also when this fails
   * @param fileSystems makes the file system, before the first request
   * @return the session, to be closed by the caller; it also ends by itself when it is unmounted
   */
  public Session serve(
      String name,
      Descriptor device,
      Descriptor memfd,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    try {
      SessionMemory memory = SessionMemory.map(memfd);
      try {
        return serve(name, new FuseDevice(device), memory, fileSystems);
      } catch (IOException | RuntimeException e) {
        memory.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      device.close();
      throw e;
    }
  }

  private Session serve(
      String name,
      FuseDevice device,
      SessionMemory memory,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    long token = tokens.getAndIncrement();
    Session session =
        new Session(
            new Session.Place(name, token, () -> sessions.remove(token)),
            shared,
            device,
            memory,
            fileSystems);
    sessions.put(token, session);
    try {
      session.start();
      return session;
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Whether requests are being taken: a reader comes when it is called, at most so much later.
   * False means that the readers hang, or have ended.
   */
  public boolean isReading(Duration patience) throws InterruptedException {
    return probe.ask(patience);
  }

  /** Gives up all sessions, as {@link Session#close()} does, and ends the readers. */
  @Override
  public void close() {
    List<Session> open = List.copyOf(sessions.values());
    open.forEach(session -> session.end(Session.End.CLOSED));
    open.forEach(Session::close);
    shared.epoll().wakeAll();
    for (Thread reader : readers) {
      try {
        reader.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    shared.epoll().close();
    probe.close();
  }
}
