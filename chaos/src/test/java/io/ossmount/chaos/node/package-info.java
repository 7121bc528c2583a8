/** Tests. */
@NullMarked
package io.ossmount.chaos.node;

import org.jspecify.annotations.NullMarked;
