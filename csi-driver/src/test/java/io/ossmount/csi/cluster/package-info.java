/** Tests. */
@NullMarked
package io.ossmount.csi.cluster;

import org.jspecify.annotations.NullMarked;
