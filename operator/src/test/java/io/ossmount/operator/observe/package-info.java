/** Tests of observing. */
@NullMarked
package io.ossmount.operator.observe;

import org.jspecify.annotations.NullMarked;
