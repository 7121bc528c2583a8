/** How the cache process writes its log. */
@NullMarked
package io.ossmount.cache.log;

import org.jspecify.annotations.NullMarked;
