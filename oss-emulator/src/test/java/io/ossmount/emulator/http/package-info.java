/** Tests of this room. */
@NullMarked
package io.ossmount.emulator.http;

import org.jspecify.annotations.NullMarked;
