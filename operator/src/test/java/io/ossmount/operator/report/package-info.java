/** Tests of reporting. */
@NullMarked
package io.ossmount.operator.report;

import org.jspecify.annotations.NullMarked;
