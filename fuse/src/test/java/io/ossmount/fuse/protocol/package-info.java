/** Tests of the wire, without a kernel. */
@NullMarked
package io.ossmount.fuse.protocol;

import org.jspecify.annotations.NullMarked;
