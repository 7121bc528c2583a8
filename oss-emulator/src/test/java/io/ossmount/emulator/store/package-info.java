/** Tests of this room. */
@NullMarked
package io.ossmount.emulator.store;

import org.jspecify.annotations.NullMarked;
