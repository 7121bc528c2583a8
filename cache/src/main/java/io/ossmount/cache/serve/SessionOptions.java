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

  /** What the plugin says of a session. */
  static SessionOptions of(io.ossmount.proto.session.v1.SessionOptions options) {
    return new SessionOptions(
        options.getDirectory(),
        options.getReadOnly(),
        options.hasUid() ? OptionalInt.of(options.getUid()) : OptionalInt.empty(),
        options.hasGid() ? OptionalInt.of(options.getGid()) : OptionalInt.empty(),
        options.hasUmask() ? options.getUmask() : 0,
        options.getVolume(),
        options.getGroupLikeOwner(),
        readMode(options.getReadMode()),
        writeMode(options.getWriteMode()));
  }

  private static Optional<ReadMode> readMode(io.ossmount.proto.session.v1.ReadMode mode) {
    return switch (mode) {
      case READ_MODE_CACHE -> Optional.of(ReadMode.CACHE);
      case READ_MODE_NONE -> Optional.of(ReadMode.NONE);
      case READ_MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static Optional<WriteMode> writeMode(io.ossmount.proto.session.v1.WriteMode mode) {
    return switch (mode) {
      case WRITE_MODE_THROUGH -> Optional.of(WriteMode.THROUGH);
      case WRITE_MODE_ASYNC -> Optional.of(WriteMode.ASYNC);
      case WRITE_MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }
}
