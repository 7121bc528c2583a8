package io.ossmount.csi.fdstore;

import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.Modes;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.proto.session.v1.SessionOptions;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * What is known of a session besides its state.
 *
 * @param name unique on the node, never used for another connection: [a-z0-9-]{1,63}
 * @param key what it is for
 * @param ossMount namespace/name of the OssMount, for people
 */
public record SessionInfo(String name, SessionKey key, String ossMount) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

  /** Checks the name: it becomes a directory. */
  public SessionInfo {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a session: " + name);
    }
  }

  /**
   * A session to be made. Its name tells it from an earlier one of the same key, which a cache pod
   * may still hold when it is dead.
   */
  public static SessionInfo create(SessionKey key, String ossMount) {
    var name = prefix(key) + "%08x".formatted(ThreadLocalRandom.current().nextInt());
    return new SessionInfo(name, key, ossMount);
  }

  /**
   * The session that a cache pod names by what it was told; empty when its name was not made for
   * that. The name has a digest of all that the pod says, and of whose pod it is: what another
   * session is for, or one of another OssMount, gives another name.
   *
   * @param ossMountUid UID of the OssMount whose cache pod says it
   */
  static Optional<SessionInfo> told(
      String name, SessionOptions options, String ossMountUid, String ossMount) {
    try {
      return Optional.of(new SessionInfo(name, key(options, ossMountUid), ossMount))
          .filter(SessionInfo::isNamedByKey);
    } catch (VolumeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SessionKey key(SessionOptions options, String ossMountUid) {
    return new SessionKey(
        new VolumeId(options.getVolume()),
        ossMountUid,
        new Directory(options.getDirectory()),
        options.getReadOnly(),
        options.hasUid() ? Optional.of(options.getUid()) : Optional.empty(),
        options.hasGid() ? Optional.of(options.getGid()) : Optional.empty(),
        options.getGroupLikeOwner(),
        options.hasUmask() ? Optional.of(options.getUmask()) : Optional.empty(),
        new Modes(mode(options.getReadMode()), mode(options.getWriteMode())));
  }

  /** Whether the name was made for this key: what was read of a damaged file gives another one. */
  public boolean isNamedByKey() {
    return name.startsWith(prefix(key));
  }

  private static String prefix(SessionKey key) {
    return "s-" + key.digest() + "-";
  }

  /** As the cache pod is told. */
  SessionOptions options() {
    var options =
        SessionOptions.newBuilder()
            .setDirectory(key.directory().path())
            .setReadOnly(key.readOnly())
            .setGroupLikeOwner(key.groupLikeOwner())
            .setVolume(key.volume().value());
    key.owner().ifPresent(options::setUid);
    key.group().ifPresent(options::setGid);
    key.umask().ifPresent(options::setUmask);
    key.modes().read().ifPresent(mode -> options.setReadMode(message(mode)));
    key.modes().write().ifPresent(mode -> options.setWriteMode(message(mode)));
    return options.build();
  }

  private static io.ossmount.proto.session.v1.ReadMode message(ReadMode mode) {
    return switch (mode) {
      case Cache -> io.ossmount.proto.session.v1.ReadMode.READ_MODE_CACHE;
      case None -> io.ossmount.proto.session.v1.ReadMode.READ_MODE_NONE;
    };
  }

  private static Optional<ReadMode> mode(io.ossmount.proto.session.v1.ReadMode mode) {
    return switch (mode) {
      case READ_MODE_CACHE -> Optional.of(ReadMode.Cache);
      case READ_MODE_NONE -> Optional.of(ReadMode.None);
      case READ_MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static io.ossmount.proto.session.v1.WriteMode message(WriteMode mode) {
    return switch (mode) {
      case Through -> io.ossmount.proto.session.v1.WriteMode.WRITE_MODE_THROUGH;
      case Async -> io.ossmount.proto.session.v1.WriteMode.WRITE_MODE_ASYNC;
    };
  }

  private static Optional<WriteMode> mode(io.ossmount.proto.session.v1.WriteMode mode) {
    return switch (mode) {
      case WRITE_MODE_THROUGH -> Optional.of(WriteMode.Through);
      case WRITE_MODE_ASYNC -> Optional.of(WriteMode.Async);
      case WRITE_MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }
}
