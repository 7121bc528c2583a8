package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.Await;
import io.ossmount.chaos.node.Command;
import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

final class StopServer implements Fault {
  /** So soon it has to be noticed and replaced; with something for a loaded machine. */
  private static final Duration NOTICED = Duration.ofSeconds(15);

  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random)
      throws IOException, InterruptedException {
    var pid = node.server().pid();
    try (var outstanding = Outstanding.at(node)) {
      var waiting = outstanding.await(random);
      Command.run("kill", "-STOP", Long.toString(pid));
      if (Await.until(NOTICED, () -> node.server().pid() != pid)) {
        return new Outcome.Happened(waiting);
      }
      Command.run("kill", "-CONT", Long.toString(pid));
      return new Outcome.Failed(
          "a stopped server is not replaced within " + NOTICED.toSeconds() + " s");
    }
  }
}
