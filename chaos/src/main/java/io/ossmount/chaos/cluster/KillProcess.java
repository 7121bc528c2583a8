package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * SIGKILL of all processes of the parts, at once; whoever started them starts them again.
 *
 * @param parts of the product
 */
record KillProcess(List<Product> parts) implements Fault<ClusterScene> {
  private static final Duration AGAIN = Duration.ofSeconds(50);

  static KillProcess of(Product... parts) {
    return new KillProcess(List.of(parts));
  }

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    for (var part : parts) {
      scene.freshen(part);
    }
    var killed = find();
    if (killed.isEmpty()) {
      return new Outcome.NotCounted("none of " + parts + " runs");
    }
    try (var signal = Signal.ready("KILL", killed)) {
      moment.now();
      signal.send();
    }
    if (!Await.until(AGAIN, () -> isEachThereAgain(killed))) {
      return new Outcome.Failed(parts + " do not run again within " + AGAIN.toSeconds() + " s");
    }
    return scene.awaitServing()
        ? new Outcome.Happened(0)
        : new Outcome.Failed("the OssMount is not served again after " + parts + " were killed");
  }

  private boolean isEachThereAgain(List<Long> killed) throws IOException {
    for (var part : parts) {
      if (killed.containsAll(find(part))) {
        return false;
      }
    }
    return true;
  }

  private List<Long> find() throws IOException {
    var found = new ArrayList<Long>();
    for (var part : parts) {
      found.addAll(find(part));
    }
    return found;
  }

  /** On the node where the workloads are, and on the other one if there is none here. */
  private static List<Long> find(Product part) throws IOException {
    var here = new GroupProcesses(ClusterScene.NODE).of(part);
    return here.isEmpty() ? new GroupProcesses(ClusterScene.OTHER_NODE).of(part) : here;
  }
}
