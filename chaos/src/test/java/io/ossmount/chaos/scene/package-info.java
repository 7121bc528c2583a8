/** Tests. */
@NullMarked
package io.ossmount.chaos.scene;

import org.jspecify.annotations.NullMarked;
