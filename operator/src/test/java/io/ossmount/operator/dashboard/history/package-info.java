/** Tests of the last hour. */
@NullMarked
package io.ossmount.operator.dashboard.history;

import org.jspecify.annotations.NullMarked;
