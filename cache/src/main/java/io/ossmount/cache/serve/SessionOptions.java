package io.ossmount.cache.serve;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What makes a session differ from another one of the same mount: {@code SessionOptions} of {@code
 * session/v1/session.proto} as values.
 *
 * @param directory below the mount's root that is the session's root, "" for the root itself
 * @param readOnly whether it may not write
 * @param uid owner of what it shows; empty: what the mount says
 * @param gid group of what it shows; empty: what the mount says
 * @param umask permission bits that are taken away, 0 to 0777
 * @param volume that it belongs to, for people and statistics
 * @param groupLikeOwner whether the group may do what the owner may, before {@code umask} takes
 *     away
 * @param readMode whether what it reads is kept; empty: as the mount says
 * @param writeMode when its writers are answered; empty: as the mount says
 */
public record SessionOptions(
    String directory,
    boolean readOnly,
    OptionalInt uid,
    OptionalInt gid,
    int umask,
    String volume,
    boolean groupLikeOwner,
    Optional<ReadMode> readMode,
    Optional<WriteMode> writeMode) {
  /** In the modes of the mount. */
  public SessionOptions(
      String directory,
      boolean readOnly,
      OptionalInt uid,
      OptionalInt gid,
      int umask,
      String volume,
      boolean groupLikeOwner) {
    this(
        directory,
        readOnly,
        uid,
        gid,
        umask,
        volume,
        groupLikeOwner,
        Optional.empty(),
        Optional.empty());
  }
}
