/** Tests. */
@NullMarked
package io.ossmount.csi.registration;

import org.jspecify.annotations.NullMarked;
