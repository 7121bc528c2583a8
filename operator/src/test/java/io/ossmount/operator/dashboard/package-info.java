/** A dashboard with something to show. */
@NullMarked
package io.ossmount.operator.dashboard;

import org.jspecify.annotations.NullMarked;
