package io.ossmount.chaos.node;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

final class CacheFull implements Fault<NodeProcesses> {
  private static final int LEAST_MILLIS = 3_000;
  private static final int MOST_MILLIS = 5_000;

  @Override
  public Outcome inject(NodeProcesses node, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    try {
      node.disk().fill();
      moment.now();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_MILLIS, MOST_MILLIS));
    } finally {
      node.disk().makeRoom();
    }
    return new Outcome.Happened(0);
  }
}
