package io.ossmount.cache.supervise;

/**
 * What the supervisor tells the server, and how they keep time. A server begins when it is called:
 * when its standard input says how often the supervisor has started it again, in digits, and ends
 * the line. Nothing follows; the input ends when the supervisor does.
 */
final class Agreement {
  /**
   * A file that the server writes to every {@link #BEAT_MILLIS}. Set by the supervisor, or by who
   * starts that; whoever has it in the environment also has a supervisor at the other end of the
   * standard input, see {@link Supervised}.
   */
  static final String PULSE = "OSSMOUNT_PULSE";

  /** Ends what is said to a server. */
  static final char END = '\n';

  /** Between two beats of the server, and between two looks of the supervisor. */
  static final int BEAT_MILLIS = 1000;

  private Agreement() {}
}
