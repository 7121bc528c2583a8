/**
 * The CSI services over a unix socket: requests parsed into values, one call into the domain, the
 * response built; failures turned into codes in one place. Decides nothing. The only room that sees
 * the CSI stubs. Start reading at {@link io.ossmount.csi.rpc.NodeService}.
 */
@NullMarked
package io.ossmount.csi.rpc;

import org.jspecify.annotations.NullMarked;
