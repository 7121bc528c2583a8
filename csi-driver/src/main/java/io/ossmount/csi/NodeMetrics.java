package io.ossmount.csi;

import io.ossmount.csi.fdstore.FdStore;

/** What the node plugin shows Prometheus, as docs/METRICS.md lists it. */
final class NodeMetrics {
  private NodeMetrics() {}

  /** In the text format 0.0.4. */
  static String text(FdStore.Counts counts, long healed) {
    return """
    # TYPE ossmount_node_sessions gauge
    ossmount_node_sessions %d
    # TYPE ossmount_node_sessions_served gauge
    ossmount_node_sessions_served %d
    # TYPE ossmount_node_backing_ids gauge
    ossmount_node_backing_ids %d
    # TYPE ossmount_node_takeovers_total counter
    ossmount_node_takeovers_total %d
    # TYPE ossmount_node_servers_killed_total counter
    ossmount_node_servers_killed_total %d
    # TYPE ossmount_node_sessions_aborted_total counter
    ossmount_node_sessions_aborted_total %d
    # TYPE ossmount_node_standin_requests_total counter
    ossmount_node_standin_requests_total{done="answered"} %d
    ossmount_node_standin_requests_total{done="kept"} %d
    ossmount_node_standin_requests_total{done="ended"} %d
    # TYPE ossmount_node_mounts_healed_total counter
    ossmount_node_mounts_healed_total %d
    """
        .formatted(
            counts.sessions(),
            counts.served(),
            counts.backingIds(),
            counts.takeovers(),
            counts.killed(),
            counts.aborted(),
            counts.standIn().answered(),
            counts.standIn().kept(),
            counts.standIn().ended(),
            healed);
  }
}
