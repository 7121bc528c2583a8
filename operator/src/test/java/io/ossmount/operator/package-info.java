/** Tests of the operator. */
@NullMarked
package io.ossmount.operator;

import org.jspecify.annotations.NullMarked;
