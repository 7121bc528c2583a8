/** What tests of the FUSE server need: a file system in memory, and a mount that cannot hang. */
@NullMarked
package io.ossmount.fuse.testing;

import org.jspecify.annotations.NullMarked;
