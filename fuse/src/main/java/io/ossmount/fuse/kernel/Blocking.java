package io.ossmount.fuse.kernel;

/** The rule that keeps blocking downcalls away from the carriers of virtual threads. */
final class Blocking {
  private Blocking() {}

  /**
   * Refuses a call that may block on a virtual thread.
   *
   * @throws IllegalStateException on a virtual thread
   */
  static void requirePlatformThread(String call) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          call
              + " may block in the kernel and would pin its carrier: call it on a platform thread");
    }
  }
}
