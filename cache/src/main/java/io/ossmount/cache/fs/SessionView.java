package io.ossmount.cache.fs;

import io.ossmount.fuse.Attributes;
import java.util.OptionalInt;

/**
 * How one session sees the mount.
 *
 * @param directory below the mount's root, the session's root: "" or ending with "/"
 * @param readOnly this session may change nothing
 * @param uid owner of everything; empty: what the object or the mount says
 * @param gid group of everything; empty: as above
 * @param umask permission bits that are taken away
 * @param groupLikeOwner permission bits of the owner count for the group as well
 * @param modes what it says for itself of how it reads and writes
 */
public record SessionView(
    String directory,
    boolean readOnly,
    OptionalInt uid,
    OptionalInt gid,
    int umask,
    boolean groupLikeOwner,
    Modes.Own modes) {
  /** Reads and writes as the mount says. */
  public SessionView(
      String directory,
      boolean readOnly,
      OptionalInt uid,
      OptionalInt gid,
      int umask,
      boolean groupLikeOwner) {
    this(directory, readOnly, uid, gid, umask, groupLikeOwner, Modes.Own.NONE);
  }

  /** Everything, as the mount says. */
  public static final SessionView WHOLE =
      new SessionView("", false, OptionalInt.empty(), OptionalInt.empty(), 0, false);

  private static final int OWNER_BITS = 0700;
  private static final int OWNER_TO_GROUP = 3;

  /** The session's {@code st_mode} of a file that has {@code mode}. */
  int mode(int mode) {
    if ((mode & Attributes.TYPE_MASK) == Attributes.SYMLINK) {
      return mode;
    }
    int group = groupLikeOwner ? (mode & OWNER_BITS) >> OWNER_TO_GROUP : 0;
    return (mode | group) & ~umask;
  }
}
