package io.ossmount.cache.store.oss;

/** Value of a field that is set before each test. */
public final class Unset {
  private Unset() {}

  /** Nothing, whatever the type says. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  public static <T> T value() {
    return null;
  }
}
