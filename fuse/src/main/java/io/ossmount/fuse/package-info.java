/**
 * What a file system has to answer, and the session that asks it. This package knows neither OSS
 * nor Kubernetes. Start reading at {@link io.ossmount.fuse.FileSystem}; the wire is in {@code
 * fuse.protocol}, the kernel's side in {@code fuse.kernel}.
 */
@NullMarked
package io.ossmount.fuse;

import org.jspecify.annotations.NullMarked;
