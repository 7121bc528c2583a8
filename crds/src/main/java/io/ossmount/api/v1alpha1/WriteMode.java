package io.ossmount.api.v1alpha1;

/** When close(2) of a file that was written to returns. */
public enum WriteMode {
  /** When OSS has the object. */
  Through,
  /** When the bytes are durable on the node's disk. */
  Async
}
