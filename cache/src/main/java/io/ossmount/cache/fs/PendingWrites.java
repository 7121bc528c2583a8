package io.ossmount.cache.fs;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was acknowledged when it was durable on the node's disk, and is not in OSS yet.
 *
 * @param objects files
 * @param bytes that were written to them
 * @param oldest since when the oldest of them waits
 * @param conflicts files of which somebody else had written another version, since start
 * @param lastConflict the latest of these
 */
public record PendingWrites(
    long objects,
    long bytes,
    Optional<Instant> oldest,
    long conflicts,
    Optional<Conflict> lastConflict) {
  /** There is none. */
  public static final PendingWrites NONE =
      new PendingWrites(0, 0, Optional.empty(), 0, Optional.empty());

  /** Both together. */
  public PendingWrites and(PendingWrites other) {
    return new PendingWrites(
        objects + other.objects,
        bytes + other.bytes,
        Stream.of(oldest, other.oldest).flatMap(Optional::stream).min(Comparator.naturalOrder()),
        conflicts + other.conflicts,
        Stream.of(lastConflict, other.lastConflict)
            .flatMap(Optional::stream)
            .max(Comparator.comparing(Conflict::time)));
  }

  /**
   * Somebody else had written another version: both are kept.
   *
   * @param key of the object that is the other's
   * @param kept key of the object, or place on the node's disk, where the bytes of this node are
   */
  public record Conflict(String key, String kept, Instant time) {}
}
