/**
 * The local cluster of {@code deploy/local} as a place for faults: an OssMount of an emulator that
 * this process can end, pods whose containers run the workloads, and the processes of everything
 * else. Start reading at {@link io.ossmount.chaos.cluster.ClusterScene}.
 */
@NullMarked
package io.ossmount.chaos.cluster;

import org.jspecify.annotations.NullMarked;
