/** Tests of asking cache pods. */
@NullMarked
package io.ossmount.operator.control;

import org.jspecify.annotations.NullMarked;
