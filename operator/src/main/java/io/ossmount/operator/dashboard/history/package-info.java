/**
 * The traffic of the last hour, from what cache pods tell. Pure but for {@link
 * io.ossmount.operator.dashboard.history.History}, where to start.
 */
@NullMarked
package io.ossmount.operator.dashboard.history;

import org.jspecify.annotations.NullMarked;
