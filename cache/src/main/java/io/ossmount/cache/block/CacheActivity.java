package io.ossmount.cache.block;

/**
 * What a cache does, for who watches it: beside {@link BlockCache.CacheUsage}, which is for users.
 *
 * @param answeredReads reads that were answered without waiting, since start
 * @param waitedReads reads that may have waited for the store
 * @param readAheadBytes bytes that the store sent before a reader had asked for them
 * @param evictedVersions versions that left to make room
 * @param evictedBytes bytes that they took on disk
 * @param damagedBlocks blocks that were found damaged
 * @param fetches GETs under way now
 * @param aheadBytes bytes that are being fetched before anybody waits for them
 * @param memoryBlocks blocks that are in memory because the disk has no room
 */
public record CacheActivity(
    long answeredReads,
    long waitedReads,
    long readAheadBytes,
    long evictedVersions,
    long evictedBytes,
    long damagedBlocks,
    int fetches,
    long aheadBytes,
    int memoryBlocks) {}
