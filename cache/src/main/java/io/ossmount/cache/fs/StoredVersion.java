package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.store.ObjectVersion;

/**
 * A version, and where its bytes are: trees of different buckets may have versions that look the
 * same.
 *
 * @param blocks of the tree's bucket
 */
record StoredVersion(BlockCache blocks, ObjectVersion version) {}
