package io.ossmount.fuse;

/** The answer of an operation that has no answer but success. */
public enum Done {
  /** The one value. */
  DONE;

  static final Outcome<Done> OUTCOME = Outcome.of(DONE);
}
