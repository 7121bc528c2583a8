/** Tests of the memory plan. */
@NullMarked
package io.ossmount.cache.memory;

import org.jspecify.annotations.NullMarked;
