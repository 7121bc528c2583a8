package io.ossmount.cache.fs;

import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.config.MountSettings.MetadataCache;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.serve.Processes;
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
    return options(settings, settings.source(), settings.metadataCache(), settings.readOnly());
  }

  /** What the tree of a nested mount has to know of them. */
  public static MountOptions options(MountSettings settings, NestedMount nested) {
    return options(settings, nested.source(), nested.metadataCache(), nested.readOnly());
  }

  private static MountOptions options(
      MountSettings settings, Source source, MetadataCache metadata, boolean readOnly) {
    return new MountOptions(
        source.prefix(),
        metadata.attributeTimeout(),
        metadata.listTimeout(),
        metadata.negativeTimeout(),
        new MountOptions.Defaults(
            settings.files().uid(),
            settings.files().gid(),
            settings.files().fileMode(),
            settings.files().directoryMode()),
        readOnly,
        new Modes(settings.cache().readMode(), settings.write().mode()));
  }

  @Override
  public ServedFiles forSession(SessionOptions options, SessionState state, Processes processes) {
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
    SessionFileSystem session = SessionFileSystem.begin(tree, view, state, processes);
    return new ServedFiles(session, session::openFiles);
  }
}
