/**
 * Puts a new session where a dead one is mounted: in the plugin's mount namespace, on the node, and
 * in containers that run. What has to be done is a pure function of mount tables; doing it can be
 * repeated, and what was cut in the middle is completed by the next pass. Knows neither when it is
 * time, nor how a session is made. Start reading at {@link io.ossmount.csi.heal.HealingPlan} and
 * {@link io.ossmount.csi.heal.Healing}.
 */
@NullMarked
package io.ossmount.csi.heal;

import org.jspecify.annotations.NullMarked;
