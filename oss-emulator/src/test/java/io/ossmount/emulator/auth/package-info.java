/** Tests of this room. */
@NullMarked
package io.ossmount.emulator.auth;

import org.jspecify.annotations.NullMarked;
