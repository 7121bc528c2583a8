/**
 * What the operator and kubelet ask of this process, and what it knows to say: how the store is
 * doing, what is served, how full the cache is. Knows nothing of files or of the node plugin. Start
 * reading at {@link io.ossmount.cache.control.CacheControlService}.
 */
@NullMarked
package io.ossmount.cache.control;

import org.jspecify.annotations.NullMarked;
