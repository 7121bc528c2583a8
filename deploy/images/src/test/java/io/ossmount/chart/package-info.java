/** Tests of the Helm chart: that what is committed beside it is what it says. */
@NullMarked
package io.ossmount.chart;

import org.jspecify.annotations.NullMarked;
