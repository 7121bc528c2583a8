package io.ossmount.csi.cluster;

import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pods of this node, asked for when someone needs them and then kept for some seconds: what the
 * API server answered, and also that it did not. So a round over many sessions costs one question,
 * and a server that is away costs one deadline. Thread-safe; one thread asks, others wait for it.
 */
public final class NodePods {
  /** How old an answer may be. */
  public static final Duration KEPT = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final String nodeName;
  private final LongSupplier nanos;
  private @Nullable Known known;

  private sealed interface Known {
    long since();
  }

  private record Answer(long since, Map<String, PodOfNode> byUid) implements Known {}

  private record NoAnswer(long since, Unavailable why) implements Known {}

  /** The pods of this node. */
  public NodePods(Cluster cluster, String nodeName) {
    this(cluster, nodeName, System::nanoTime);
  }

  /**
   * The same.
   *
   * @param nanos the time, as System.nanoTime()
   */
  public NodePods(Cluster cluster, String nodeName, LongSupplier nanos) {
    this.cluster = cluster;
    this.nodeName = nodeName;
    this.nanos = nanos;
  }

  /**
   * All pods of the node by UID, at most {@link #KEPT} old. A pod that is not among them is gone,
   * or younger than the answer.
   *
   * @throws Unavailable the API server does not answer, or did not within the last seconds
   */
  public synchronized Map<String, PodOfNode> byUid() {
    var current = known;
    if (current == null || nanos.getAsLong() - current.since() > KEPT.toNanos()) {
      current = ask();
      known = current;
    }
    return switch (current) {
      case Answer(_, var byUid) -> byUid;
      case NoAnswer(_, var why) -> throw new Unavailable(String.valueOf(why.getMessage()));
    };
  }

  private Known ask() {
    try {
      var byUid =
          cluster.podsOn(nodeName).stream()
              .collect(
                  Collectors.toUnmodifiableMap(PodOfNode::uid, Function.identity(), (a, _) -> a));
      return new Answer(nanos.getAsLong(), byUid);
    } catch (Unavailable e) {
      return new NoAnswer(nanos.getAsLong(), e);
    }
  }
}
