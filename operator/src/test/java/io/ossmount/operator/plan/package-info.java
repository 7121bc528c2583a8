/** Tests of planning. */
@NullMarked
package io.ossmount.operator.plan;

import org.jspecify.annotations.NullMarked;
