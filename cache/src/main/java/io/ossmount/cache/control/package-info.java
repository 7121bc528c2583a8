/**
 * What the operator and kubelet ask of this process, and what it knows to say: how the store is
 * doing, what is served, how full the cache is, what goes through it. Knows nothing of files but
 * what {@link io.ossmount.cache.control.Directories} asks, and nothing of the node plugin. Start
 * reading at {@link io.ossmount.cache.control.CacheControlService}.
 */
@NullMarked
package io.ossmount.cache.control;

import org.jspecify.annotations.NullMarked;
