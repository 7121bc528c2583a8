/** Tests. */
@NullMarked
package io.ossmount.chaos.content;

import org.jspecify.annotations.NullMarked;
