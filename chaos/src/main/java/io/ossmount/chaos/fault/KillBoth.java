package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.Command;
import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.util.SplittableRandom;

final class KillBoth implements Fault {
  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    node.server().hold();
    try {
      Command.run("kill", "-KILL", Long.toString(node.server().pid()));
      node.killPlugin();
    } finally {
      node.server().resume();
      node.startPluginAgain();
    }
    return new Outcome.Happened(0);
  }
}
