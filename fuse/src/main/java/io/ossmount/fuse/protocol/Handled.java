package io.ossmount.fuse.protocol;

/** What became of a request. */
public sealed interface Handled {
  /** No answer is to be sent. */
  Answered NO_ANSWER = new Answered(0);

  /**
   * The answer is there.
   *
   * @param bytes of it; 0 when none is to be sent
   */
  record Answered(int bytes) implements Handled {}

  /**
   * The answer needs work that waits.
   *
   * @param work to run once, on a thread that may wait and be interrupted
   */
  record Pending(Work work) implements Handled {}

  /** Work that ends with an answer in the room that was given with the request. */
  @FunctionalInterface
  interface Work {
    /** Never throws. Returns the bytes of the answer. */
    int run();
  }
}
