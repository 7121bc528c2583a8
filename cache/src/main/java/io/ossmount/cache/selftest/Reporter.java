package io.ossmount.cache.selftest;

/** Who is told of a run as it goes on; by one thread. */
public interface Reporter {
  /** It begins, and will have so many rows. */
  void begins(int total);

  /** A test has ended. */
  void ended(Row row);

  /** All tests have. */
  void ends();
}
