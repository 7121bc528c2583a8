/** Tests. */
@NullMarked
package io.ossmount.chaos.judge;

import org.jspecify.annotations.NullMarked;
