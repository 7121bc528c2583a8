package io.ossmount.cache.block;

/**
 * How much disk the cache may take.
 *
 * @param sizeBytes most bytes on disk, maps included
 * @param keepFreeBytes bytes of the file system that stay free
 */
public record CacheLimits(long sizeBytes, long keepFreeBytes) {}
