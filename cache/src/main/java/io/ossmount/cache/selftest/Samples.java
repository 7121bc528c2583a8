package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import java.util.Optional;

/** An object to try things on: one of the test's own or, where nothing may be written, any. */
final class Samples {
  private static final int MOST_KEYS = 1000;

  private Samples() {}

  /** The first object below the prefix that has bytes, of the first thousand. */
  static Optional<ObjectInfo> first(Subject subject) {
    return subject
        .store()
        .list(subject.prefix(), false, Optional.empty(), MOST_KEYS)
        .objects()
        .stream()
        .filter(info -> info.size() > 0)
        .findFirst();
  }

  /**
   * An object.
   *
   * @param bytes that it has if it is the test's own
   * @throws Check.NotApplicable nothing may be written, and there is none
   */
  static ObjectVersion of(Subject subject, String name, byte[] bytes) throws Check.NotApplicable {
    return subject.options().readOnly()
        ? first(subject)
            .orElseThrow(() -> new Check.NotApplicable("there is no object to try it on"))
            .version()
        : StoredObjects.put(subject.store(), subject.scratchPrefix() + "store/" + name, bytes);
  }
}
