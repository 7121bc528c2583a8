package io.ossmount.cache.serve;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import java.util.function.LongSupplier;

/** Makes what answers the requests of a session. Thread-safe. */
@FunctionalInterface
public interface SessionFactory {
  /**
   * The file system of one session. May wait for the store, which was reached not long ago, such as
   * to make the session's directory.
   *
   * @param processes that use it
   * @throws io.ossmount.cache.store.StoreException the store did not do what is needed; it is tried
   *     again later
   */
  ServedFiles forSession(SessionOptions options, SessionState state, Processes processes);

  /**
   * What answers a session.
   *
   * @param openFiles how many files are open in it, for statistics; never waits
   */
  record ServedFiles(FileSystem fileSystem, LongSupplier openFiles) {}
}
