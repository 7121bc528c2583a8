package io.ossmount.operator.dashboard.server;

import io.ossmount.operator.control.DirectoryClient;
import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.dashboard.history.History;
import io.ossmount.operator.dashboard.source.Surroundings;
import io.ossmount.operator.observe.MountSight;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * From where the pages have what they show.
 *
 * @param sight of the OssMounts; empty: the operator has just started
 * @param addresses of cache pods
 * @param directories what cache pods say of theirs
 * @param history of traffic
 * @param surroundings what else Kubernetes knows
 */
public record Sources(
    Supplier<Optional<MountSight>> sight,
    Addresses addresses,
    DirectoryClient directories,
    History history,
    Surroundings surroundings) {

  /** Where cache pods answer. */
  @FunctionalInterface
  public interface Addresses {
    /** Where a pod of an OssMount answers; empty: it does not. */
    Optional<PodAddress> of(String mountUid, String podUid);
  }
}
