/**
 * The block cache: which bytes of which object version are on this node's disk, and how the rest
 * comes. {@link io.ossmount.cache.block.BlockCache} is the contract. Knows objects, not files or
 * names.
 */
@NullMarked
package io.ossmount.cache.block;

import org.jspecify.annotations.NullMarked;
