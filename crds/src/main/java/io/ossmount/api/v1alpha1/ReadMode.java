package io.ossmount.api.v1alpha1;

/** What becomes of bytes that were read. */
public enum ReadMode {
  /** They are kept in the cache. */
  Cache,
  /** They are not. */
  None
}
