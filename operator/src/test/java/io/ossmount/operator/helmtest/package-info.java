/** Tests of {@code helm test}. */
@NullMarked
package io.ossmount.operator.helmtest;

import org.jspecify.annotations.NullMarked;
