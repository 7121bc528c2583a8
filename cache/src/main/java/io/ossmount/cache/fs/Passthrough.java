package io.ossmount.cache.fs;

/** Whether a session's kernel reads files that are wholly in the cache itself. */
public enum Passthrough {
  /** It does. */
  AVAILABLE,
  /** It was not agreed on in INIT: the kernel is older than Linux 6.9, or was built without. */
  NOT_OFFERED,
  /** The kernel or the node plugin refused the last cache file: the log says why. */
  REFUSED
}
