package io.ossmount.chaos.node;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

final class KillPlugin implements Fault<NodeProcesses> {
  private static final int MOST_MILLIS_AWAY = 2_000;

  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    node.killPlugin();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_MILLIS_AWAY));
    node.startPluginAgain();
    node.publishAgain();
    return new Outcome.Happened(0);
  }
}
