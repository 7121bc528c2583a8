package io.ossmount.cache.supervise;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the supervisor that the server's work goes on: writes to a file every second, as long as
 * all {@link Heart hearts} move and no threads wait for one another. The supervisor ends a server
 * whose file stays as it is for {@link PulseWatch#LOOKS} looks; with the two seconds that a heart
 * has, a hang lasts no longer than ten. Thread-safe.
 */
public final class Pulse implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  /** Looks for which a heart may be still: one of them says little about how long. */
  private static final int PATIENCE = 2;

  private final List<Heart> hearts = new CopyOnWriteArrayList<>();
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
      pulse.beat();
      pulse.thread.start();
    }
    return pulse;
  }

  /** A heart that has to move from now on; until its first beat it rests. */
  public Heart heart(String name) {
    Heart heart = new Heart(name);
    hearts.add(heart);
    return heart;
  }

  /** Its loop has ended, as it should. */
  public void remove(Heart heart) {
    hearts.remove(heart);
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

  private void beat() {
    boolean isStill = deadlocks.isThereOne();
    // All of them, each time: they count how often they are looked at.
    for (Heart heart : hearts) {
      int looks = heart.stillFor();
      isStill |= looks >= PATIENCE;
      if (looks == PATIENCE) {
        log.error(
            "{} does not move: this process hangs, and will be ended if it goes on", heart.name());
      }
    }
    if (isStill) {
      isHeld = true;
      return;
    }
    if (isHeld) {
      isHeld = false;
      log.warn("all moves again");
    }
    write();
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
