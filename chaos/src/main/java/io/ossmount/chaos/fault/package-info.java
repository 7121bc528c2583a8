/** What is done to a node. Knows nothing of what applications see of it. */
@NullMarked
package io.ossmount.chaos.fault;

import org.jspecify.annotations.NullMarked;
