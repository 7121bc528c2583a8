package io.ossmount.chaos.node;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.scene.Command;
import java.io.IOException;
import java.util.SplittableRandom;

final class KillBoth implements Fault<NodeProcesses> {
  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    node.server().hold();
    var pid = Long.toString(node.server().pid());
    var at = System.nanoTime();
    try {
      Command.run("kill", "-KILL", pid);
      node.killPlugin();
    } finally {
      node.server().resume();
      node.startPluginAgain();
    }
    return new Outcome.Happened(at, 0);
  }
}
