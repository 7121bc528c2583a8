/** Tests. */
@NullMarked
package io.ossmount.csi.fdstore;

import org.jspecify.annotations.NullMarked;
