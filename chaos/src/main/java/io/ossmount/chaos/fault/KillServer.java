package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.Command;
import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.util.SplittableRandom;

final class KillServer implements Fault {
  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    try (var outstanding = Outstanding.at(node)) {
      var waiting = outstanding.await(random);
      if (waiting == 0) {
        return new Outcome.NotCounted("no request was outstanding");
      }
      Command.run("kill", "-KILL", Long.toString(node.server().pid()));
      return new Outcome.Happened(waiting);
    }
  }
}
