package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.util.SplittableRandom;

/** Something that is done to a node. Stateless. */
public interface Fault {
  /**
   * Does it, and takes away what would not go by itself. Returns when the node could be well again;
   * ends within a minute.
   *
   * @throws IOException the harness itself failed
   */
  Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException;

  /** What came of it. */
  sealed interface Outcome {
    /**
     * It happened.
     *
     * @param waiting requests that were outstanding at that moment; 0 when it does not matter
     */
    record Happened(int waiting) implements Outcome {}

    /** It happened, and the product did not do what it has to. */
    record Failed(String why) implements Outcome {}

    /** It could not be done so that it counts. */
    record NotCounted(String why) implements Outcome {}
  }
}
