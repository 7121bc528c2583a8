/** Tests of the server with the kernel. They need root and {@code /dev/fuse}, and fail without. */
@NullMarked
package io.ossmount.fuse.server;

import org.jspecify.annotations.NullMarked;
