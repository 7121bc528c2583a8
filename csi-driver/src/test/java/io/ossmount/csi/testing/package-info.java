/**
 * Stand-ins for what the driver talks to: a cluster in memory, a cache pod that speaks the session
 * protocol, and ways to look at mounts from another process.
 */
@NullMarked
package io.ossmount.csi.testing;

import org.jspecify.annotations.NullMarked;
