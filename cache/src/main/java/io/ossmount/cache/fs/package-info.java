/**
 * The file system: names, nodes, handles and directories over objects and the block cache. {@link
 * io.ossmount.cache.fs.MountTree} is what all sessions of a mount share, {@link
 * io.ossmount.cache.fs.SessionFileSystem} what the kernel asks. Knows neither the wire of FUSE nor
 * that of OSS. {@code docs/SEMANTICS.md} says what it promises.
 */
@NullMarked
package io.ossmount.cache.fs;

import org.jspecify.annotations.NullMarked;
