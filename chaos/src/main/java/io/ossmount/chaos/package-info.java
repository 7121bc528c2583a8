/**
 * Faults on plain processes while workloads run. Start reading at {@link
 * io.ossmount.chaos.ChaosMain}.
 */
@NullMarked
package io.ossmount.chaos;

import org.jspecify.annotations.NullMarked;
