/** Tests of the dashboard as it is served. */
@NullMarked
package io.ossmount.operator.dashboard.server;

import org.jspecify.annotations.NullMarked;
