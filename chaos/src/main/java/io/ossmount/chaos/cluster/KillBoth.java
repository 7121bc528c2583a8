package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Await;
import io.ossmount.csi.heal.PodNotices;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * SIGKILL of the cache pod and the node plugin at once: no one has the descriptors. An Event has to
 * tell each pod what became of its mounts.
 */
final class KillBoth implements Fault<ClusterScene> {
  private static final Duration IS_TOLD = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(500);

  /** The supervisor last: all else in its pod ends with it, and may be gone before it is killed. */
  private final KillProcess kill =
      KillProcess.of(Product.PLUGIN, Product.SERVER, Product.SUPERVISOR);

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    // An Event has seconds.
    var begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var outcome = kill.inject(scene, random, moment);
    if (!(outcome instanceof Outcome.Happened)) {
      return outcome;
    }
    var isTold = Await.until(IS_TOLD, POLL, () -> untold(scene, begun).isEmpty());
    return isTold
        ? outcome
        : new Outcome.Failed(
            "no Event %s for %s".formatted(PodNotices.HEALED, untold(scene, begun)));
  }

  private static Set<String> untold(ClusterScene scene, Instant since)
      throws IOException, InterruptedException {
    return scene.podsWithoutEvent(PodNotices.HEALED, since);
  }
}
