/**
 * The processes of a node: emulator, plugin, server, and the harness's stand-ins for kubelet and
 * the API server. Start reading at {@link io.ossmount.chaos.node.NodeProcesses}.
 */
@NullMarked
package io.ossmount.chaos.node;

import org.jspecify.annotations.NullMarked;
