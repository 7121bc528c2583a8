package io.ossmount.cache.config;

/** What becomes of bytes that were read. */
public enum ReadMode {
  /** They are kept in the block cache. */
  CACHE,
  /** They are not; what is whole in the block cache already is read from there. */
  NONE
}
