/**
 * Publishing on a node and its undoing: FUSE mounts made and joined, bound into pods, known again
 * from the mount table; the node's directories of OssMounts. Knows no CSI stubs. Never touches a
 * mount of ours with a call that can reach its server. Start reading at {@link
 * io.ossmount.csi.node.NodeVolumes}.
 */
@NullMarked
package io.ossmount.csi.node;

import org.jspecify.annotations.NullMarked;
