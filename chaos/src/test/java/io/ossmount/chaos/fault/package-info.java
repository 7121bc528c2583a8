/** Tests. */
@NullMarked
package io.ossmount.chaos.fault;

import org.jspecify.annotations.NullMarked;
