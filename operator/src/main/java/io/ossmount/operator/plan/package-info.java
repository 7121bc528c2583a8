/**
 * What to do, computed from what is seen: which nodes have a cache pod, which pods are made,
 * replaced, removed or told of a new configuration. Pure: knows no client, reads no clock. Start
 * with {@link io.ossmount.operator.plan.Planner}.
 */
@NullMarked
package io.ossmount.operator.plan;

import org.jspecify.annotations.NullMarked;
