package io.ossmount.cache.metrics;

import io.ossmount.cache.store.StoreException;
import java.util.Locale;

/** What came of a request to the store: the values of the label {@code outcome}. */
enum Outcome {
  OK,
  NOT_FOUND,
  VERSION_CHANGED,
  DENIED,
  BUCKET_NOT_FOUND,
  UNREACHABLE,
  UNAVAILABLE,
  CORRUPTED,
  INVALID,
  INTERRUPTED,
  /** An error of our own. */
  ERROR;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Outcome of(RuntimeException failure) {
    return failure instanceof StoreException known ? of(known) : ERROR;
  }

  static Outcome of(StoreException failure) {
    return switch (failure) {
      case StoreException.NotFound _ -> NOT_FOUND;
      case StoreException.VersionChanged _ -> VERSION_CHANGED;
      case StoreException.Denied _ -> DENIED;
      case StoreException.BucketNotFound _ -> BUCKET_NOT_FOUND;
      case StoreException.Unreachable _ -> UNREACHABLE;
      case StoreException.Unavailable _ -> UNAVAILABLE;
      case StoreException.Corrupted _ -> CORRUPTED;
      case StoreException.Invalid _ -> INVALID;
      case StoreException.Interrupted _ -> INTERRUPTED;
    };
  }
}
