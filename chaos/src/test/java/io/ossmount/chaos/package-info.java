/** Tests. */
@NullMarked
package io.ossmount.chaos;

import org.jspecify.annotations.NullMarked;
