package io.ossmount.cache.supervise;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
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
   * What the supervisor takes of the memory that both have and the kernel cannot take back;
   * measured, and some more.
   */
  private static final long SUPERVISOR_BYTES = 12 << 20;

  /** Of a server that is not to live on; nobody is there to see it. */
  private static final int ABANDONED = 1;

  /** As the environment has it. */
  public static Supervised ofThisProcess() {
    return of(System.getenv(Agreement.PULSE), System.getenv(Agreement.RESTARTS));
  }

  static Supervised of(@Nullable String pulse, @Nullable String restarts) {
    if (pulse == null || pulse.isEmpty()) {
      return new Supervised(Optional.empty(), 0);
    }
    boolean isNumber = restarts != null && restarts.matches("\\d{1,9}");
    return new Supervised(Optional.of(Path.of(pulse)), isNumber ? Integer.parseInt(restarts) : 0);
  }

  /** Bytes of memory that the supervisor takes of what this process may use. */
  public long supervisorBytes() {
    return pulse.isPresent() ? SUPERVISOR_BYTES : 0;
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
      Thread.ofPlatform().name("supervisor").daemon().start(Supervised::awaitEndOfSupervisor);
    }
    return Pulse.start(pulse);
  }

  private static void awaitEndOfSupervisor() {
    // Stays open: it is the process's own.
    FileInputStream in = new FileInputStream(FileDescriptor.in);
    try {
      int got;
      do {
        got = in.read();
      } while (got >= 0);
    } catch (IOException e) {
      log.debug("no standard input: {}", e.toString());
    }
    log.error("the supervisor is gone: ending at once");
    Runtime.getRuntime().halt(ABANDONED);
  }
}
