package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.util.Optional;

/**
 * How a staged file is meant to reach OSS; the area keeps it and draws no conclusion from it.
 *
 * @param appendsOnly whether all writers appended, so that it may go behind another version
 * @param replaces whether it goes over whatever OSS has, because a writer truncated it
 * @param version that OSS had when its writers began, if it had one
 * @param metadata what the object is to carry
 */
public record WriteIntent(
    boolean appendsOnly,
    boolean replaces,
    Optional<ObjectVersion> version,
    ObjectMetadata metadata) {
  /** Nothing is known but the bytes. */
  public static final WriteIntent UNKNOWN =
      new WriteIntent(false, false, Optional.empty(), ObjectMetadata.NONE);
}
