/**
 * The CSI driver's two programs, controller plugin and node plugin: configuration read, parts built
 * and started. Start reading at {@link io.ossmount.csi.CsiDriverMain}.
 */
@NullMarked
package io.ossmount.csi;

import org.jspecify.annotations.NullMarked;
