/**
 * Tests a mount by using it: files through the mount point in each pair of read and write mode, the
 * semantics of the store itself, and whether both show the same. Knows the store's contract and the
 * JDK's files, nothing of how a mount is made. Start with {@link
 * io.ossmount.cache.selftest.SelfTest}.
 */
@NullMarked
package io.ossmount.cache.selftest;

import org.jspecify.annotations.NullMarked;
