/** Tests of what Prometheus is shown. */
@NullMarked
package io.ossmount.cache.metrics;

import org.jspecify.annotations.NullMarked;
