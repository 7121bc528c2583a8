/**
 * What the FUSE server and the node plugin ask of Linux: descriptors, mounts, unix sockets that
 * pass descriptors, the shared memory of a session. Every call into the C library stands in {@code
 * Syscalls}. This package does not know the FUSE protocol, OSS or Kubernetes.
 *
 * <p>Start reading at {@link io.ossmount.fuse.kernel.Descriptor}, then {@link
 * io.ossmount.fuse.kernel.FuseMount} and {@link io.ossmount.fuse.kernel.SessionMemory}.
 *
 * <p>Calls that may block refuse to run on a virtual thread: a downcall keeps the carrier thread,
 * and a few of them would stop every virtual thread of the process.
 */
@NullMarked
package io.ossmount.fuse.kernel;

import org.jspecify.annotations.NullMarked;
