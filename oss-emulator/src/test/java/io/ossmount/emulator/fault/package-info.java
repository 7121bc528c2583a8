/** Tests of this room. */
@NullMarked
package io.ossmount.emulator.fault;

import org.jspecify.annotations.NullMarked;
