/** Tests of pages. */
@NullMarked
package io.ossmount.operator.dashboard.page;

import org.jspecify.annotations.NullMarked;
