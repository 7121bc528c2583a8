package io.ossmount.operator.observe;

import java.time.Instant;
import java.util.Map;

/**
 * What the operator remembers of an OssMount between two reconciliations, because nothing in the
 * cluster says it. Lost with the operator: an idle pod then stays a little longer, a configuration
 * is pushed once more. Immutable.
 *
 * @param idleSince by node: since when its pod has had nothing to do
 * @param pushes by pod UID: the configuration that the pod's annotation was last given
 */
public record Memory(Map<String, Instant> idleSince, Map<String, Push> pushes) {
  /** Of an OssMount that is seen for the first time. */
  public static final Memory NONE = new Memory(Map.of(), Map.of());

  /** Copies. */
  public Memory {
    idleSince = Map.copyOf(idleSince);
    pushes = Map.copyOf(pushes);
  }

  /**
   * A configuration that a pod's annotation was given.
   *
   * @param hash of the configuration
   * @param attempt 0: the first
   */
  public record Push(String hash, int attempt, Instant at) {}
}
