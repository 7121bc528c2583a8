/** Tests. */
@NullMarked
package io.ossmount.csi.heal;

import org.jspecify.annotations.NullMarked;
