/**
 * What was asked and answered, for tests that count requests and bytes. Knows only the names of
 * operations. Start with {@link io.ossmount.emulator.log.RequestLog}.
 */
@NullMarked
package io.ossmount.emulator.log;

import org.jspecify.annotations.NullMarked;
