package io.ossmount.chaos.scene;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs processes that see the volume. */
public interface Crew {
  /** The volume, as they see it. */
  Path volume();

  /**
   * A directory where {@code small} of the volume is, as kubelet puts a {@code subPath} there: a
   * mount of its own.
   */
  Path subPaths();

  /** A directory of the local disk that has one path for them and for this process. */
  Path scratch();

  /**
   * Starts one.
   *
   * @param main its class
   * @param arguments of it
   * @param directory that it works in, as it sees it
   */
  Member start(Class<?> main, List<String> arguments, Path directory)
      throws IOException, InterruptedException;

  /** One of the processes. */
  interface Member {
    /** What it says; waits until it has begun. To be asked for once. */
    InputStream output() throws IOException;

    /** Closes its input, which tells it to end. */
    void tellToEnd() throws IOException;

    /** Whether it has ended by itself in time. */
    boolean awaitEnd(Duration within) throws InterruptedException;

    /** SIGKILL. */
    void kill();
  }
}
