/**
 * The FUSE protocol: records of the wire with the names of {@code linux/fuse.h}, the table of
 * operations, and the server that turns the bytes of a request into a call of {@link
 * io.ossmount.fuse.FileSystem} and its outcome into the bytes of the answer. Knows only the JDK and
 * the file system's types: no descriptor, no thread, no kernel.
 *
 * <p>Start reading at {@link io.ossmount.fuse.protocol.ProtocolServer}.
 */
@NullMarked
package io.ossmount.fuse.protocol;

import org.jspecify.annotations.NullMarked;
