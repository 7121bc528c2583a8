/**
 * What files hold: bytes that follow from a seed and an offset, so that every byte that is read can
 * be checked and none has to be kept. Knows only the JDK.
 */
@NullMarked
package io.ossmount.chaos.content;

import org.jspecify.annotations.NullMarked;
