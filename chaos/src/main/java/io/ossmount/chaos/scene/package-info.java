/**
 * What a run needs of the place where it happens, whatever that is made of, and what the kinds of
 * places share: the OSS emulator, the kernel's side of a mount, programs. Start reading at {@link
 * io.ossmount.chaos.scene.Scene}.
 */
@NullMarked
package io.ossmount.chaos.scene;

import org.jspecify.annotations.NullMarked;
