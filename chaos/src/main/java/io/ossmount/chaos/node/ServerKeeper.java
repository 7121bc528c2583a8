package io.ossmount.chaos.node;

import java.io.IOException;
import java.util.Map;

/**
 * Keeps the server running: starts it again when it ends. What does that in a cache pod can take
 * its place.
 */
public interface ServerKeeper extends AutoCloseable {
  /** Id of the process that serves now, or served last. */
  long pid();

  /** Ids of its processes, by their names. */
  Map<String, Long> processes();

  /** From now on the server is not started again; the one that runs stays. */
  void hold();

  /** It is started again at once if it has ended, and from now on. */
  void resume();

  /** How often the server was started. */
  int starts();

  /** Ends the server in good order. */
  @Override
  void close() throws IOException;
}
