/** Tests of the emulator from outside: through the SDK, other clients and raw HTTP. */
@NullMarked
package io.ossmount.emulator;

import org.jspecify.annotations.NullMarked;
