/**
 * What applications saw, what is left behind, and whether that is allowed. Pure but for {@link
 * io.ossmount.chaos.judge.Leaks}.
 */
@NullMarked
package io.ossmount.chaos.judge;

import org.jspecify.annotations.NullMarked;
