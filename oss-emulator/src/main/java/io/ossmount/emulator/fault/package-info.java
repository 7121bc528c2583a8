/**
 * Faults that are injected into requests: which requests, when, and what happens to them. Says what
 * is to happen; {@code protocol} makes it happen. Start with {@link
 * io.ossmount.emulator.fault.Fault}.
 */
@NullMarked
package io.ossmount.emulator.fault;

import org.jspecify.annotations.NullMarked;
