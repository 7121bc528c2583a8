/**
 * What the driver asks of the Kubernetes API, as one small interface and its implementation. Knows
 * nothing of CSI or of mounts. Start reading at {@link io.ossmount.csi.cluster.Cluster}.
 */
@NullMarked
package io.ossmount.csi.cluster;

import org.jspecify.annotations.NullMarked;
