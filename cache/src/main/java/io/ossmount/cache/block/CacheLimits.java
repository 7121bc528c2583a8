package io.ossmount.cache.block;

/**
 * How much disk the cache may take.
 *
 * @param sizeBytes most bytes on disk, maps included
 * @param keepFreeBytes bytes of the file system that stay free
 * @param readAheadBytes bytes that are fetched at a time before anybody waits for them
 */
public record CacheLimits(long sizeBytes, long keepFreeBytes, long readAheadBytes) {}
