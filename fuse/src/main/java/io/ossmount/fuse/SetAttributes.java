package io.ossmount.fuse;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The attributes that a caller wants changed: {@code fuse_setattr_in} with {@code valid} taken
 * apart. "Now" of utimensat(2) is the server's clock already.
 *
 * @param handle the open file it was asked through, or {@link FileSystem#NO_HANDLE}
 * @param size for truncate(2)
 * @param mode permission bits
 * @param uid owner
 * @param gid group
 * @param accessed access time
 * @param modified modification time
 */
public record SetAttributes(
    long handle,
    OptionalLong size,
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    Optional<Instant> accessed,
    Optional<Instant> modified) {}
