/** Tests of rendering. */
@NullMarked
package io.ossmount.operator.render;

import org.jspecify.annotations.NullMarked;
