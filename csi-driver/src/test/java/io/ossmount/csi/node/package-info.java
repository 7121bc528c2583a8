/** Tests. */
@NullMarked
package io.ossmount.csi.node;

import org.jspecify.annotations.NullMarked;
