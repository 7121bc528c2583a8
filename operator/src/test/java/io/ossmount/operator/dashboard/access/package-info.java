/** Tests of who may see what. */
@NullMarked
package io.ossmount.operator.dashboard.access;

import org.jspecify.annotations.NullMarked;
