/** Tests of this room. */
@NullMarked
package io.ossmount.emulator.protocol;

import org.jspecify.annotations.NullMarked;
