/** Builds what the operator may see, for the tests of planning and reporting. */
@NullMarked
package io.ossmount.operator.scene;

import org.jspecify.annotations.NullMarked;
