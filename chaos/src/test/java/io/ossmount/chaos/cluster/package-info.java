/** Tests. */
@NullMarked
package io.ossmount.chaos.cluster;

import org.jspecify.annotations.NullMarked;
