/**
 * Drops what the cache holds, once for each value that the configuration asks it with. Start with
 * {@link io.ossmount.cache.reset.CacheReset}. Knows how to empty the block cache and whom to report
 * to; neither objects nor what was written and not uploaded yet.
 */
@NullMarked
package io.ossmount.cache.reset;

import org.jspecify.annotations.NullMarked;
