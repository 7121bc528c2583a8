package io.ossmount.cache.fs;

import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.serve.SessionFactory;
import io.ossmount.cache.serve.SessionOptions;
import io.ossmount.fuse.SessionState;

/** Makes the sessions of one mount, which share its tree. Thread-safe. */
public final class MountSessions implements SessionFactory {
  private final MountTree tree;

  /** Makes sessions of {@code tree}. */
  public MountSessions(MountTree tree) {
    this.tree = tree;
  }

  /** What a tree has to know of the settings of its mount. */
  public static MountOptions options(MountSettings settings) {
    return new MountOptions(
        settings.source().prefix(),
        settings.metadataCache().attributeTimeout(),
        settings.metadataCache().listTimeout(),
        settings.metadataCache().negativeTimeout(),
        new MountOptions.Defaults(
            settings.files().uid(),
            settings.files().gid(),
            settings.files().fileMode(),
            settings.files().directoryMode()),
        settings.readOnly(),
        new Modes(settings.cache().readMode(), settings.write().mode()));
  }

  @Override
  public ServedFiles forSession(SessionOptions options, SessionState state) {
    String directory = options.directory().isEmpty() ? "" : options.directory() + "/";
    SessionView view =
        new SessionView(
            directory,
            options.readOnly(),
            options.uid(),
            options.gid(),
            options.umask(),
            options.groupLikeOwner(),
            new Modes.Own(options.readMode(), options.writeMode()));
    SessionFileSystem session = SessionFileSystem.begin(tree, view, state);
    return new ServedFiles(session, session::openFiles);
  }
}
