package io.ossmount.chaos.work;

/**
 * What one application does, over and over. One thread.
 *
 * <p>What goes wrong is told to the {@link Probe} and ends the step; the next begins anew.
 */
interface Workload extends AutoCloseable {
  /** One round, of some seconds at most when nothing is in its way. */
  void step(Probe probe) throws Stopped;

  /** Lets go of what it has open. */
  @Override
  default void close() {}

  /** The step cannot go on: an operation failed and was reported, or the end has come. */
  final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;

    Stopped(String why) {
      super(why, null, false, false);
    }
  }
}
