package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Trees;
import java.io.IOException;
import java.util.SplittableRandom;

/** The blocks, not what waits to be uploaded: that is nowhere else. */
final class CacheDeleted implements Fault {
  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    Trees.delete(node.place().ossMount().resolve("cache/blocks"));
    return new Outcome.Happened(0);
  }
}
