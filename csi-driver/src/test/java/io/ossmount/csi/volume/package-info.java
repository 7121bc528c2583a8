/** Tests. */
@NullMarked
package io.ossmount.csi.volume;

import org.jspecify.annotations.NullMarked;
