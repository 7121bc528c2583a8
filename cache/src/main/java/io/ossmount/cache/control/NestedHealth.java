package io.ossmount.cache.control;

/**
 * How the bucket of a nested mount was when it was looked at last.
 *
 * @param path of the mount, as its configuration has it
 * @param hidesFile whether the bucket around it has a file there, which is not seen
 */
public record NestedHealth(String path, StoreHealth store, boolean hidesFile) {}
