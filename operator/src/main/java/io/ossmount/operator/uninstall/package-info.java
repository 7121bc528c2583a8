/**
 * Makes an installation ready to go, called by the chart's hook before it deletes anything: refuses
 * while volumes are there, else deletes the OssMounts and waits until nothing is left of them.
 * Knows nothing of reconciling. Start reading at {@link io.ossmount.operator.uninstall.Uninstall}.
 */
@NullMarked
package io.ossmount.operator.uninstall;

import org.jspecify.annotations.NullMarked;
