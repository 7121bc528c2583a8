package io.ossmount.cache.supervise;

/** What the supervisor tells the server in its environment, and how they keep time. */
final class Agreement {
  /**
   * A file that the server writes to every {@link #BEAT_MILLIS}. Set by the supervisor, or by who
   * starts that; whoever has it in the environment also has a supervisor at the other end of the
   * standard input, see {@link Supervised}.
   */
  static final String PULSE = "OSSMOUNT_PULSE";

  /** How often the supervisor has started the server again. Set by the supervisor. */
  static final String RESTARTS = "OSSMOUNT_RESTARTS";

  /** Between two beats of the server, and between two looks of the supervisor. */
  static final int BEAT_MILLIS = 1000;

  private Agreement() {}
}
