/** Tests. */
@NullMarked
package io.ossmount.chaos.work;

import org.jspecify.annotations.NullMarked;
