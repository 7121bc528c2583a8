/**
 * Serves sessions: a few reader threads take requests of all of them from the kernel, have the
 * protocol server handle them, and send the answers; work that waits goes on in virtual threads.
 * This package joins {@code fuse.protocol}, which knows no descriptor, and {@code fuse.kernel},
 * which knows no protocol. What is in flight is always in the session's memory, for the next
 * server.
 *
 * <p>Start reading at {@link io.ossmount.fuse.server.FuseServer}, then {@code Session}.
 */
@NullMarked
package io.ossmount.fuse.server;

import org.jspecify.annotations.NullMarked;
