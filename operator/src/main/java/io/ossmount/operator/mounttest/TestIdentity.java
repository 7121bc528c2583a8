package io.ossmount.operator.mounttest;

import io.ossmount.api.v1alpha1.OssMountTest;
import java.time.Instant;
import java.util.Objects;

/**
 * Which OssMountTest.
 *
 * @param created when it was made: its time runs from then
 */
record TestIdentity(String namespace, String name, String uid, long generation, Instant created) {
  private static final int SUFFIX_CHARS = 8;

  /** Reads it from an object that an API server gave. */
  static TestIdentity of(OssMountTest test) {
    var metadata = test.getMetadata();
    return new TestIdentity(
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        Objects.requireNonNullElse(metadata.getGeneration(), 0L),
        Instant.parse(metadata.getCreationTimestamp()));
  }

  /**
   * Name of its Job, and beginning of the names of its claims. With a part of the UID, so that it
   * is nobody else's, and another one when the test is made again.
   */
  String jobName() {
    return name + "-" + uid.substring(0, Math.min(SUFFIX_CHARS, uid.length()));
  }
}
