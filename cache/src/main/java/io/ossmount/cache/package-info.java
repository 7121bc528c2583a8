/**
 * The cache process: its main program and the wiring of the rooms below. Start reading at {@link
 * io.ossmount.cache.CacheMain}; each room says in its own words what it is for.
 */
@NullMarked
package io.ossmount.cache;

import org.jspecify.annotations.NullMarked;
