/** Tests of the module as a whole. */
@NullMarked
package io.ossmount.fuse;

import org.jspecify.annotations.NullMarked;
