package io.ossmount.chaos.fault;

/** How long a fault lasts. */
public enum Form {
  /** As short as shows something, for CI. */
  SHORT,
  /** As long as it is promised for. */
  FULL
}
