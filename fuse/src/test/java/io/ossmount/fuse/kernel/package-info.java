/** Tests of what is asked of Linux. The ITs need root and {@code /dev/fuse}, and fail without. */
@NullMarked
package io.ossmount.fuse.kernel;

import org.jspecify.annotations.NullMarked;
