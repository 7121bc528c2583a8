package io.ossmount.cache.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.serve.PluginLink.Refusal;
import io.ossmount.cache.serve.SessionFactory.ServedFiles;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.Session;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A session that the plugin gave us: not served yet, served, or over. Thread-safe.
 *
 * <p>Until it is served, this holds its descriptors, so that trying can fail and be repeated.
 */
final class PodSession {
  private final String name;
  private final io.ossmount.proto.session.v1.SessionOptions told;
  private final SessionOptions options;

  @GuardedBy("this")
  private List<Descriptor> waiting;

  @GuardedBy("this")
  private @Nullable Session session;

  @GuardedBy("this")
  private @Nullable ServedFiles files;

  @GuardedBy("this")
  private Optional<Refusal> refusal = Optional.empty();

  @GuardedBy("this")
  private boolean starting;

  /** The plugin knows that another process is to go on with it. */
  @GuardedBy("this")
  private boolean released;

  /** Nothing is read any more, for the next process. */
  @GuardedBy("this")
  private boolean stopped;

  @GuardedBy("this")
  private boolean over;

  /** Takes over the descriptors: that of FUSE and the memfd. */
  PodSession(
      String name, io.ossmount.proto.session.v1.SessionOptions told, List<Descriptor> descriptors) {
    this.name = name;
    this.told = told;
    this.options = SessionOptions.of(told);
    this.waiting = descriptors;
  }

  String name() {
    return name;
  }

  /**
   * What it is for, in the plugin's own words, which may be newer than this process: they give the
   * session's name.
   */
  io.ossmount.proto.session.v1.SessionOptions told() {
    return told;
  }

  SessionOptions options() {
    return options;
  }

  synchronized boolean isServed() {
    return session != null;
  }

  /**
   * Whether an earlier process has served it: what it knew is not to wait for the store. One that
   * only tried to, this one or another, has taken an epoch and answered nothing.
   */
  synchronized boolean isTakenOver() {
    if (waiting.isEmpty()) {
      return false;
    }
    try (SessionMemory memory = SessionMemory.map(waiting.get(1).duplicate())) {
      return memory.negotiated().isPresent();
    } catch (IOException e) {
      // Whoever begins to serve it finds out, and tells.
      return false;
    }
  }

  synchronized long openFiles() {
    return files == null ? 0 : files.openFiles().getAsLong();
  }

  /**
   * Begins to serve; waits for the store as long as that takes, without keeping others from asking
   * this session.
   *
   * @return the session; empty when it is served already, or over, or another thread begins to
   */
  Optional<Session> serve(
      FuseServer server, SessionFactory factory, PluginBacking backing, PluginProcesses processes)
      throws IOException {
    List<Descriptor> given;
    synchronized (this) {
      if (over || stopped || starting || session != null) {
        return Optional.empty();
      }
      given = duplicates(waiting);
      starting = true;
    }
    try {
      AtomicReference<@Nullable ServedFiles> made = new AtomicReference<>();
      Session started =
          server.serve(
              name,
              given.get(0),
              given.get(1),
              state -> {
                ServedFiles fresh =
                    factory.forSession(
                        options,
                        state.withBacking(backing.of(name, state.backing())),
                        processes.of(name));
                made.set(fresh);
                return fresh.fileSystem();
              });
      return keep(started, made.get());
    } finally {
      synchronized (this) {
        starting = false;
      }
    }
  }

  private Optional<Session> keep(Session started, @Nullable ServedFiles made) {
    synchronized (this) {
      if (!over && !stopped) {
        session = started;
        files = made;
        waiting.forEach(Descriptor::close);
        waiting = List.of();
        return Optional.of(started);
      }
    }
    started.close();
    return Optional.empty();
  }

  /** Notes why it is not served; whether that is news. */
  synchronized boolean refuse(Refusal why) {
    boolean isNews = !refusal.equals(Optional.of(why));
    refusal = Optional.of(why);
    return isNews;
  }

  /** What it was last refused for; empty when it is served, or was not tried yet. */
  synchronized Optional<Refusal> refusal() {
    return session == null ? refusal : Optional.empty();
  }

  /** Duplicates of its two descriptors; none when it is over. The caller owns them. */
  synchronized List<Descriptor> duplicates() throws IOException {
    Session served = session;
    if (over) {
      return List.of();
    }
    return served == null ? duplicates(waiting) : served.duplicates();
  }

  /**
   * Takes no more requests, for good; waits up to 10 s for those under way. What is not answered
   * stays in the session's memory for the next process.
   */
  void stop() {
    Session served;
    synchronized (this) {
      stopped = true;
      served = session;
    }
    if (served != null) {
      served.close();
    }
  }

  /** The plugin lets it go: {@link #stop}. */
  void release() {
    synchronized (this) {
      released = true;
    }
    stop();
  }

  /** Whether nothing of it is read any more. */
  synchronized boolean isStopped() {
    return over || (stopped && !starting && (session == null || session.ended().isDone()));
  }

  /**
   * Lets the next process have it; {@link #stop} came before.
   *
   * @return whether the plugin is to be told: it let the session go, which was not over by itself
   */
  boolean handOver() {
    Session served;
    ServedFiles made;
    boolean isExpected;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      isExpected = released;
      served = session;
      made = files;
      waiting.forEach(Descriptor::close);
      waiting = List.of();
    }
    boolean lives =
        served == null || served.ended().getNow(Session.End.CLOSED) == Session.End.CLOSED;
    if (lives && made != null) {
      made.fileSystem().handOver();
    }
    // To an older plugin, which releases nothing, it would mean that the session is over.
    return lives && isExpected;
  }

  /** Ends it: nothing of it is held afterwards. */
  void end() {
    Session served;
    ServedFiles made;
    synchronized (this) {
      over = true;
      served = session;
      made = files;
      waiting.forEach(Descriptor::close);
      waiting = List.of();
    }
    if (served != null) {
      served.close();
      if (made != null && served.ended().getNow(Session.End.CLOSED) == Session.End.CLOSED) {
        made.fileSystem().destroy();
      }
    }
  }

  private static List<Descriptor> duplicates(List<Descriptor> of) throws IOException {
    Descriptor first = of.get(0).duplicate();
    try {
      return List.of(first, of.get(1).duplicate());
    } catch (IOException e) {
      first.close();
      throw e;
    }
  }
}
