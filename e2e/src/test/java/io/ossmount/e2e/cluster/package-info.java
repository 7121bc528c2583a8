/**
 * The cluster that the tests run on, seen from outside: its API, its nodes, Helm, and the OSS
 * emulator in it. Knows nothing of what is tested. Start reading at {@link
 * io.ossmount.e2e.cluster.Cluster}.
 */
@NullMarked
package io.ossmount.e2e.cluster;

import org.jspecify.annotations.NullMarked;
