package io.ossmount.operator.observe;

/**
 * A PodDisruptionBudget that the operator made.
 *
 * @param name its name, which is its pod's
 * @param podUid of the pod that owns it; "" if none does
 */
public record ObservedBudget(String name, String podUid) {}
