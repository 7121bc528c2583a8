package io.ossmount.csi.fdstore;

import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.util.Optional;

/**
 * Who stands in for the server of a session that has none. Nothing here waits for more than one
 * request. Thread-safe.
 */
interface StandInOffice extends AutoCloseable {
  /** One that reads a session's descriptor. */
  interface Begun {
    /** It reads nothing any more when this returns. */
    void end();
  }

  /**
   * Begins to read the descriptor, which nobody else reads.
   *
   * @param descriptors stay the caller's
   * @param onOver runs when the kernel has ended the connection, on another thread
   * @return empty: the session was never served; then it just waits
   * @throws IOException it cannot be done for now
   */
  Optional<Begun> begin(SessionInfo session, Descriptors descriptors, Runnable onOver)
      throws IOException;

  /** What they have done. */
  StandIns.Counts counts();

  /** Ends all of them. */
  @Override
  void close();
}
