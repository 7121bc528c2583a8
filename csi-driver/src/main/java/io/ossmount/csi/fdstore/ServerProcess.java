package io.ossmount.csi.fdstore;

import java.util.concurrent.CompletableFuture;

/**
 * The process of a cache pod, which may read the descriptors that it was given until it is provably
 * dead. Two objects never mean the same living process. Thread-safe; nothing here waits.
 */
public interface ServerProcess {
  /** Its number, for people; 0 when it cannot be seen from here. */
  int pid();

  /** Whether any thread of it may still be running. A zombie is dead. */
  boolean isAlive();

  /** Completes when it is dead, at once. Never fails. */
  CompletableFuture<Void> end();

  /**
   * Ends it by SIGKILL.
   *
   * @return false when that was done before, or it is dead
   */
  boolean kill();
}
