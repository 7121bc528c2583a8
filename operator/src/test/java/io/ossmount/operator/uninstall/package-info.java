/** Tests of the uninstallation. */
@NullMarked
package io.ossmount.operator.uninstall;

import org.jspecify.annotations.NullMarked;
