/** Tests of what the API server answers. */
@NullMarked
package io.ossmount.operator.apply;

import org.jspecify.annotations.NullMarked;
