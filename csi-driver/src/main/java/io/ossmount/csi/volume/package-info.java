/**
 * What CSI requests say of volumes, parsed and checked once: ids, contexts, class parameters, mount
 * options, target paths; and the failures that the driver answers with. Values only: no file, no
 * socket, no API server. Start reading at {@link io.ossmount.csi.volume.Publication}.
 */
@NullMarked
package io.ossmount.csi.volume;

import org.jspecify.annotations.NullMarked;
