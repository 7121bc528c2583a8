/**
 * Asks cache pods how they are doing, outside of any reconciliation, and remembers the latest
 * answers. Knows addresses and certificates, not Kubernetes. Start with {@link
 * io.ossmount.operator.control.StatusPoller}.
 */
@NullMarked
package io.ossmount.operator.control;

import org.jspecify.annotations.NullMarked;
