package io.ossmount.cache.supervise;

/**
 * Whether a server still has a pulse, from looks at its file about a second apart. It counts looks,
 * not time: when a machine is paused, nobody looks meanwhile, and the server has its chance before
 * the next look. Not thread-safe; one for each run of the server.
 */
final class PulseWatch {
  /** Looks without a beat after which the server hangs. */
  static final int LOOKS = 6;

  /**
   * Before the first beat of what was a spare: its JVM has started, or is about to, but its memory
   * may have to come back from a disk.
   */
  static final int SPARE_LOOKS = 20;

  /** Before the first beat: a JVM starts slowly on a machine that is overloaded. */
  static final int FIRST_LOOKS = 60;

  private final int firstLooks;

  private long seen;
  private int missed;
  private boolean hasBegun;

  /** Watches one that may take so many looks until its first beat. */
  PulseWatch(int firstLooks) {
    this.firstLooks = firstLooks;
  }

  /**
   * Looks once.
   *
   * @param beat something that is another with each beat; 0 before the first
   * @return whether the server is to be given up
   */
  boolean isStill(long beat) {
    if (beat != seen) {
      seen = beat;
      missed = 0;
      hasBegun = true;
      return false;
    }
    missed++;
    return missed >= (hasBegun ? LOOKS : firstLooks);
  }
}
