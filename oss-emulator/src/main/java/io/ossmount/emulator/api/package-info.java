/**
 * The words of the OSS API that all other rooms share: operations, error codes, and the exception
 * that carries one. Knows nothing else. Start with {@link io.ossmount.emulator.api.Operation}.
 */
@NullMarked
package io.ossmount.emulator.api;

import org.jspecify.annotations.NullMarked;
