/**
 * The fd store: for each session the node's duplicate of its {@code /dev/fuse} descriptor and its
 * memory, which cache pod serves it, and the conversation with the cache pods about that. Knows
 * neither CSI nor Kubernetes nor the mount table. Start reading at {@link
 * io.ossmount.csi.fdstore.FdStore}; {@code Placement} has the rule who gets a session, {@code
 * Overseer} ends what hangs.
 *
 * <p>One lock guards the store; nothing waits for a socket while it is held: frames are queued, and
 * sent by a thread of the connection.
 */
@NullMarked
package io.ossmount.csi.fdstore;

import org.jspecify.annotations.NullMarked;
