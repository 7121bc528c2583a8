/** Tests of the reset. */
@NullMarked
package io.ossmount.cache.reset;

import org.jspecify.annotations.NullMarked;
