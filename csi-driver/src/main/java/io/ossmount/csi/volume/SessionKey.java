package io.ossmount.csi.volume;

import java.util.Optional;

/**
 * What makes one FUSE connection differ from another on a node: the volume, the group, and what
 * else the server or the kernel is told once for the whole connection.
 *
 * @param ossMountUid UID of the OssMount that serves it
 * @param owner uid of what is shown; absent: as the OssMount says
 * @param group gid of what is shown; absent: as the OssMount says
 * @param groupLikeOwner whether the group may do what the owner may
 * @param modes how it is read and written
 */
public record SessionKey(
    VolumeId volume,
    String ossMountUid,
    Directory directory,
    boolean readOnly,
    Optional<Integer> owner,
    Optional<Integer> group,
    boolean groupLikeOwner,
    Optional<Integer> umask,
    Modes modes) {
  private static final int DIGITS = 32;

  /** The key of a session that is read and written as the OssMount says. */
  public SessionKey(
      VolumeId volume,
      String ossMountUid,
      Directory directory,
      boolean readOnly,
      Optional<Integer> owner,
      Optional<Integer> group,
      boolean groupLikeOwner,
      Optional<Integer> umask) {
    this(volume, ossMountUid, directory, readOnly, owner, group, groupLikeOwner, umask, Modes.NONE);
  }

  /** The key of the session that a publication needs. */
  public static SessionKey of(Publication.Files files, String ossMountUid, boolean readOnly) {
    return new SessionKey(
        files.id(),
        ossMountUid,
        files.mount().directory(),
        readOnly,
        files.options().uid(),
        files.group().or(() -> files.options().gid()),
        files.group().isPresent(),
        files.options().umask(),
        files.mount().modes());
  }

  /**
   * Whether a session with this key is what the publication asks for. Whether it is read-only is
   * not looked at: that also depends on the OssMount, which may have changed since.
   */
  public boolean serves(Publication.Files files) {
    return equals(of(files, ossMountUid, readOnly))
        && files.mount().uid().orElse(ossMountUid).equals(ossMountUid);
  }

  /** The key in 32 hexadecimal digits: the same over restarts and versions. */
  public String digest() {
    // A field of free text comes last, and no other field has a line break.
    var text =
        String.join(
            "\n",
            ossMountUid,
            Boolean.toString(readOnly),
            number(owner),
            number(group),
            Boolean.toString(groupLikeOwner),
            // Without modes, as versions had it that knew none.
            number(umask) + (modes.equals(Modes.NONE) ? "" : "\n" + modes.text()),
            volume.value(),
            directory.path());
    return Digest.hex(text).substring(0, DIGITS);
  }

  private static String number(Optional<Integer> value) {
    return value.map(Integer::toUnsignedString).orElse("-");
  }
}
