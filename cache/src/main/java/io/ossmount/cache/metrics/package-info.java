/**
 * What the process shows to Prometheus, with Micrometer: latencies are recorded as requests end,
 * everything else is read from the other rooms when somebody asks. It decides nothing, and nobody
 * but the wiring knows it: other rooms count for themselves, or tell an observer of their own.
 * {@code docs/METRICS.md} lists all that is shown; a test compares.
 *
 * <p>Start reading at {@link io.ossmount.cache.metrics.Metrics}.
 */
@NullMarked
package io.ossmount.cache.metrics;

import org.jspecify.annotations.NullMarked;
