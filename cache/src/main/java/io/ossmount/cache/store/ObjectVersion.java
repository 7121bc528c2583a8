package io.ossmount.cache.store;

/**
 * One version of an object: bytes that never change.
 *
 * @param key key in the bucket
 * @param etag as OSS gives it, without quotes
 * @param size in bytes
 */
public record ObjectVersion(String key, String etag, long size) {}
