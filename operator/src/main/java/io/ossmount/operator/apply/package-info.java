/**
 * Brings the cluster to what was planned; the only room that changes it, Events and status apart.
 * Start with {@link io.ossmount.operator.apply.Applier}.
 */
@NullMarked
package io.ossmount.operator.apply;

import org.jspecify.annotations.NullMarked;
