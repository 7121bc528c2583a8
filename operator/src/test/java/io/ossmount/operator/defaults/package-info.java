/** Tests of an installation's defaults. */
@NullMarked
package io.ossmount.operator.defaults;

import org.jspecify.annotations.NullMarked;
