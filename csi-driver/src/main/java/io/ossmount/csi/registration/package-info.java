/**
 * How kubelet gets to know the node plugin: its plugin-registration socket. Start reading at {@link
 * io.ossmount.csi.registration.KubeletRegistration}.
 */
@NullMarked
package io.ossmount.csi.registration;

import org.jspecify.annotations.NullMarked;
