package io.ossmount.cache.supervise;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the supervisor that the server's work goes on: writes to a file every second, as long as
 * all {@link Vital vitals} move and no threads wait for one another. The supervisor ends a server
 * whose file stays as it is for {@link PulseWatch#LOOKS} looks; with the second that a vital has, a
 * hang lasts no longer than ten. Thread-safe.
 */
public final class Pulse implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  /** In a process that is well, what is vital moves within milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Map<String, Vital> vitals = new ConcurrentHashMap<>();
  private final Optional<FileChannel> file;
  private final Thread thread = Thread.ofPlatform().name("pulse").daemon().unstarted(this::run);
  private final Deadlocks deadlocks = new Deadlocks();
  private boolean isHeld;

  private Pulse(Optional<FileChannel> file) {
    this.file = file;
  }

  /**
   * Beats from now on.
   *
   * @param file empty: nobody looks, and nothing is written
   */
  public static Pulse start(Optional<Path> file) throws IOException {
    Pulse pulse = new Pulse(file.isEmpty() ? Optional.empty() : Optional.of(open(file.get())));
    if (file.isPresent()) {
      // The supervisor has more patience before the first.
      pulse.write();
      pulse.thread.start();
    }
    return pulse;
  }

  /**
   * From now on this has to move, too.
   *
   * @param name for the log
   */
  public void watch(String name, Vital vital) {
    vitals.put(name, vital);
  }

  /** Nothing is written any more: whoever looks takes the process for one that hangs. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    if (file.isPresent()) {
      file.get().close();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(Agreement.BEAT_MILLIS);
        beat();
      }
    } catch (InterruptedException e) {
      log.debug("no pulse any more");
    }
  }

  private void beat() throws InterruptedException {
    if (deadlocks.isThereOne() || isAnyStill()) {
      isHeld = true;
      return;
    }
    if (isHeld) {
      isHeld = false;
      log.warn("all moves again");
    }
    write();
  }

  private boolean isAnyStill() throws InterruptedException {
    for (Map.Entry<String, Vital> each : vitals.entrySet()) {
      if (!each.getValue().moves(PATIENCE)) {
        log.error("{}: none moves; this process is ended if it goes on", each.getKey());
        return true;
      }
    }
    return false;
  }

  /** The time of the file is what the supervisor sees. */
  private void write() {
    try {
      if (file.isPresent()) {
        int _ = file.get().write(ByteBuffer.wrap(new byte[] {1}), 0);
      }
    } catch (IOException e) {
      log.warn("the pulse cannot be shown: {}", e.toString());
    }
  }
}
