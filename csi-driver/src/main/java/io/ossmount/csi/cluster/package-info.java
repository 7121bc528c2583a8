/**
 * What the driver asks of the Kubernetes API and the Events that it writes there, as two small
 * interfaces and their implementations. Knows nothing of CSI or of mounts. Start reading at {@link
 * io.ossmount.csi.cluster.Cluster}.
 */
@NullMarked
package io.ossmount.csi.cluster;

import org.jspecify.annotations.NullMarked;
