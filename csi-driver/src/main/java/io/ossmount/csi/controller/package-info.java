/**
 * Provisioning: which OssMount a claim means, whether it may have it, and the volume context that
 * is frozen. Makes nothing and removes nothing: a volume is a way to look at a bucket. Knows no CSI
 * stubs and no node. Start reading at {@link io.ossmount.csi.controller.Provisioner}.
 */
@NullMarked
package io.ossmount.csi.controller;

import org.jspecify.annotations.NullMarked;
