/** Tests. */
@NullMarked
package io.ossmount.csi;

import org.jspecify.annotations.NullMarked;
