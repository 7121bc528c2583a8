package io.ossmount.cache.write;

/** The staging area has no room for what is to be written. */
public final class StagingFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StagingFullException() {
    super("the staging area is full", null, false, false);
  }
}
