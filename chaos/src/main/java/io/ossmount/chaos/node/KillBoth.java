package io.ossmount.chaos.node;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

final class KillBoth implements Fault<NodeProcesses> {
  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    node.server().hold();
    try (var signal = Signal.ready("KILL", List.of(node.server().pid(), node.pluginPid()))) {
      moment.now();
      signal.send();
      node.killPlugin();
    } finally {
      node.server().resume();
      node.startPluginAgain();
    }
    return new Outcome.Happened(0);
  }
}
