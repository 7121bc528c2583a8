package io.ossmount.cache.fs;

/**
 * How files were opened.
 *
 * @param passthrough read by the kernel itself, from a file of the cache
 * @param cached through the kernel's page cache, which asks us for what it does not have
 */
public record OpenCounts(long passthrough, long cached) {}
