package io.ossmount.cache.supervise;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process has been told by its supervisor, if it has one.
 *
 * @param pulse the file that shows that it lives; empty: there is no supervisor
 * @param restarts how often the server had to be started again before
 */
public record Supervised(Optional<Path> pulse, int restarts) {
  private static final Logger log = LoggerFactory.getLogger(Supervised.class);

  /**
   * What the supervisor and the spare, 12 and 70 MiB, take of the memory that all have and the
   * kernel cannot take back; measured, and some more.
   */
  private static final long OTHERS_BYTES = 82 << 20;

  /** Of a process that is not to be, or to be any longer, a server. */
  private static final int ABANDONED = 1;

  /** As the supervisor says it, if there is one: the first time, this waits until it is called. */
  public static Supervised ofThisProcess() {
    return ThisProcess.SUPERVISED;
  }

  private static final class ThisProcess {
    private static final Supervised SUPERVISED = called();

    private static Supervised called() {
      try {
        return of(System.getenv(Agreement.PULSE), input());
      } catch (IOException e) {
        throw abandoned();
      } catch (LinkageError e) {
        log.error("a spare cannot be a server, and ends", e);
        throw abandoned();
      }
    }
  }

  /** Stays open, and without a buffer, which would keep its end from {@link #awaitEnd}. */
  private static InputStream input() {
    return new FileInputStream(FileDescriptor.in);
  }

  /**
   * What somebody says to who has this pulse to show.
   *
   * @throws EOFException the supervisor is gone
   * @throws LinkageError a class that a server needs cannot be used in this process any more
   */
  static Supervised of(@Nullable String pulse, InputStream said) throws IOException {
    if (pulse == null || pulse.isEmpty()) {
      return new Supervised(Optional.empty(), 0);
    }
    WarmClasses.ofThisImage().initializeUntil(() -> said.available() > 0);
    int restarts = 0;
    for (int c = said.read(); c != Agreement.END; c = said.read()) {
      if (c < 0) {
        throw new EOFException("nobody called");
      }
      restarts = 10 * restarts + Character.digit(c, 10);
    }
    return new Supervised(Optional.of(Path.of(pulse)), restarts);
  }

  /** Bytes of memory that the supervisor and the spare take of what this process may use. */
  public long othersBytes() {
    return pulse.isPresent() ? OTHERS_BYTES : 0;
  }

  /**
   * Begins to show that the server lives, and ends this process when the supervisor is gone: a new
   * one starts a new server, and there must not be two.
   */
  public Pulse begin() throws IOException {
    if (pulse.isPresent()) {
      if (restarts > 0) {
        log.warn("started again by the supervisor, time {}", restarts);
      }
      Thread.ofPlatform().name("supervisor").daemon().start(Supervised::awaitEnd);
    }
    return Pulse.start(pulse);
  }

  private static void awaitEnd() {
    InputStream in = input();
    try {
      int got;
      do {
        got = in.read();
      } while (got >= 0);
    } catch (IOException e) {
      log.debug("no standard input: {}", e.toString());
    }
    log.error("the supervisor is gone: ending at once");
    throw abandoned();
  }

  private static Error abandoned() {
    Runtime.getRuntime().halt(ABANDONED);
    throw new AssertionError("halted");
  }
}
