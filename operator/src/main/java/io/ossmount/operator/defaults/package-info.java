/**
 * Defaults that an installation has for the specs of its OssMounts. Knows their JSON, no cluster.
 * Start with {@link io.ossmount.operator.defaults.ClusterDefaults}.
 */
@NullMarked
package io.ossmount.operator.defaults;

import org.jspecify.annotations.NullMarked;
