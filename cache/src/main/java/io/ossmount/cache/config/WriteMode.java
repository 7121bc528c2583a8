package io.ossmount.cache.config;

/** When {@code close(2)} of a file that was written to returns. {@code fsync(2)} waits for OSS. */
public enum WriteMode {
  /** When OSS has the object. */
  THROUGH,
  /** When the bytes are durable on the node's disk; they go up in the background. */
  ASYNC
}
