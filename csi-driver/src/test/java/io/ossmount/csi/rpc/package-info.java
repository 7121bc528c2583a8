/** Tests. */
@NullMarked
package io.ossmount.csi.rpc;

import org.jspecify.annotations.NullMarked;
