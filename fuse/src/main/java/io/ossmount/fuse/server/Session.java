package io.ossmount.fuse.server;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.Capabilities;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One FUSE connection that this process serves. Thread-safe.
 *
 * <p>The way of a request: a reader takes a buffer of the session's memory, reads into it, and has
 * it handled. An answer that is there is sent at once, and the buffer is free. Work that waits is
 * given to a virtual thread; its request moves to a slot, except for a WRITE, whose data stay in
 * the buffer until the work has ended. While every buffer is taken the session is paused: the
 * kernel keeps what comes. So nothing grows with the number of requests.
 */
public final class Session implements AutoCloseable {
  /** Why a session is no longer served. */
  public enum End {
    /** Unmounted or aborted: the file system was destroyed. */
    DISCONNECTED,
    /** Given up by {@link Session#close()}; another server may go on. */
    CLOSED
  }

  /** What a reader found. */
  enum Turn {
    HANDLED,
    NOTHING,
    /** Paused or over: nothing to come for now. */
    AWAY
  }

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How long {@link #close()} lets works that wait go on. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Runnable onEnd;
  private final FuseDevice device;
  private final Intake intake;
  private final SessionMemory memory;
  private final RequestRooms rooms;
  private final KernelNotifier notifier;
  private final KernelBackingFiles backing;
  private final SessionState state;
  private final FileSystem fileSystem;
  private final RequestHandler handler;

  /** The kernel can be asked for what it waits for. */
  private volatile boolean resends;

  private final Lifetime lifetime = new Lifetime(this::free);
  private final CompletableFuture<End> ended = new CompletableFuture<>();

  /** Set once, by who ends the session. */
  private final AtomicReference<@Nullable End> reason = new AtomicReference<>();

  /**
   * What sessions of one process share.
   *
   * @param epoll waits for all of them
   * @param answers memory for answers
   * @param unwantedFlags INIT flags that are not asked for
   * @param observer is told of requests
   */
  record Shared(Epoll epoll, AnswerRooms answers, long unwantedFlags, RequestObserver observer) {}

  /**
   * Where a session stands among those of the process.
   *
   * @param name for logs
   * @param token names it in the epoll
   * @param onEnd runs when it is over
   */
  record Place(String name, long token, Runnable onEnd) {}

  Session(
      Place place,
      Shared shared,
      FuseDevice device,
      SessionMemory memory,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    this.name = place.name();
    this.onEnd = place.onEnd();
    this.device = device;
    this.intake = new Intake(shared.epoll(), device.descriptor(), place.token());
    this.memory = memory;
    this.rooms = new RequestRooms(memory);
    this.notifier = new KernelNotifier(name, device);
    this.backing = new KernelBackingFiles(device);
    memory.negotiated().ifPresent(this::learn);
    this.state =
        new SessionState(
            memory.nextEpoch(),
            memory.negotiated().isPresent(),
            notifier,
            backing,
            memory.records());
    this.fileSystem = fileSystems.apply(state);
    var server =
        new ProtocolServer(
            fileSystem, InstantSource.system(), shared.unwantedFlags(), this::onNegotiated);
    this.handler =
        new RequestHandler(
            new AnswerSender(device), rooms, shared, server, lifetime, intake::resume);
  }

  private void onNegotiated(byte[] answer) {
    memory.setNegotiated(answer);
    learn(answer);
  }

  private void learn(byte[] answer) {
    Capabilities kernel = Capabilities.of(answer);
    notifier.onNegotiated(kernel);
    backing.onNegotiated(kernel);
    resends = kernel.resends();
  }

  /** Answers what earlier servers left behind, then takes requests. */
  void start() throws IOException {
    if (!lifetime.tryUse()) {
      return;
    }
    try {
      int recovered = handler.recover(resends ? Optional.of(device) : Optional.empty());
      LOG.info("session {}: serving, epoch {}, {} requests taken over", name, epoch(), recovered);
      intake.open();
    } finally {
      lifetime.endUse();
    }
  }

  /** Name that it was given, for logs. */
  public String name() {
    return name;
  }

  /** Number of this server among those of the session, from 1 on. */
  public long epoch() {
    return state.epoch();
  }

  /** Tells the kernel of changes. */
  public SessionState state() {
    return state;
  }

  /** Completes when the session is over and everything of it is freed. */
  public CompletableFuture<End> ended() {
    return ended.copy();
  }

  /**
   * Duplicates of the FUSE descriptor and the memfd, in this order, for who keeps them while this
   * process may die. The caller owns them.
   */
  public List<Descriptor> duplicates() throws IOException {
    Descriptor fuse = device.descriptor().duplicate();
    try {
      return List.of(fuse, memory.descriptor().duplicate());
    } catch (IOException e) {
      fuse.close();
      throw e;
    }
  }

  /**
   * Reads and handles one request. Called by readers; never waits.
   *
   * @param beforeLong runs before a request is handled that may take long
   */
  Turn turn(Runnable beforeLong) {
    if (!lifetime.tryUse()) {
      return Turn.AWAY;
    }
    try {
      int room = rooms.takeBuffer();
      if (room == RequestRooms.NONE) {
        intake.pause(rooms::hasFreeBuffer);
        return Turn.AWAY;
      }
      return turn(room, beforeLong);
    } finally {
      lifetime.endUse();
    }
  }

  private Turn turn(int room, Runnable beforeLong) {
    MemorySegment buffer = rooms.forRequest(room);
    int length = device.read(buffer);
    if (length > 0) {
      if (ProtocolServer.mayTakeLong(buffer)) {
        beforeLong.run();
      }
      handler.handle(room, length);
      return Turn.HANDLED;
    }
    rooms.release(room);
    intake.resume();
    return switch (-length) {
      case Errors.EAGAIN -> Turn.NOTHING;
      // ENOENT: the request was taken back while it was read.
      case Errors.EINTR, Errors.ENOENT -> Turn.HANDLED;
      default -> {
        if (length != -Errors.ENODEV) {
          LOG.error("session {}: reading requests failed with errno {}", name, -length);
        }
        end(End.DISCONNECTED);
        yield Turn.AWAY;
      }
    };
  }

  /** Ends the session, unless it was ended already. */
  void end(End why) {
    if (!reason.compareAndSet(null, why)) {
      return;
    }
    intake.close();
    lifetime.end();
    if (why == End.DISCONNECTED) {
      handler.interruptAll();
    }
  }

  /** After the last use. The file system may take its time: not on this thread. */
  private void free() {
    Thread.ofVirtual().name("fuse-end-" + name).start(this::freeNow);
  }

  private void freeNow() {
    End why = Objects.requireNonNull(reason.get());
    notifier.close();
    memory.close();
    device.close();
    try {
      if (why == End.DISCONNECTED) {
        fileSystem.destroy();
      }
    } catch (RuntimeException e) {
      LOG.error("session {}: destroy failed", name, e);
    }
    LOG.info("session {}: over, {}", name, why);
    onEnd.run();
    ended.complete(why);
  }

  /**
   * Takes no more requests and waits up to 10 s for those in flight. What is not answered then
   * stays in the session's memory for the next server, but its work goes on: the process has to end
   * before another server may begin. The mount lives while another holder has a duplicate of the
   * descriptor.
   */
  @Override
  public void close() {
    end(End.CLOSED);
    try {
      ended.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception stillBusy) {
      LOG.warn("session {}: works are still waiting after {}", name, CLOSE_TIMEOUT);
    }
  }

  @Override
  public String toString() {
    return "session " + name;
  }
}
