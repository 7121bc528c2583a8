package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.SplittableRandom;

/** The blocks, not what waits to be uploaded: that is nowhere else. */
final class CacheDeleted implements Fault {
  /** The server puts files into it meanwhile. */
  private static final int TRIES = 10;

  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    var blocks = node.place().ossMount().resolve("cache/blocks");
    for (int i = 0; i < TRIES && Files.exists(blocks); i++) {
      Trees.delete(blocks);
    }
    return new Outcome.Happened(0);
  }
}
