/**
 * Tests of the file system. {@link io.ossmount.cache.fs.Mounted} is one over a bucket in memory.
 */
@NullMarked
package io.ossmount.cache.fs;

import org.jspecify.annotations.NullMarked;
