package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.control.Directories;
import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.BackgroundWork;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What all sessions of a mount share: the inodes in use, what is known of the bucket's names, and
 * what was written. Thread-safe; its own methods never wait for OSS, but for {@link #close()}.
 *
 * <p>Order of locks: {@link PathLocks}, the tree, an inode, the metadata cache.
 */
public final class MountTree implements AutoCloseable {
  private volatile MountOptions options;
  private final ObjectStore store;
  private final BlockCache blocks;
  private final StagingArea staging;
  private final Clock clock;
  private final Instant started;
  private final MetadataCache metadata;
  private final RemoteNames remote;
  private final PathLocks locks = new PathLocks();
  private final BackgroundWork background = new BackgroundWork();
  private final Uploads uploads;
  private final LeftFiles left;
  private final FileContents contents;
  private final NameChanges changes;
  private final Renames renames;
  private final FilesAhead ahead;
  private final ListingsAhead listings;
  private final TreeMap<String, Inode> live = new TreeMap<>(Keys.ORDER);
  private final TreeMap<String, FileInode> newFiles = new TreeMap<>(Keys.ORDER);
  private final OpenCounter opens = new OpenCounter();
  private final Set<SessionFileSystem> sessions = ConcurrentHashMap.newKeySet();

  /**
   * What a tree stands on.
   *
   * @param store the bucket
   * @param blocks its bytes on this node
   * @param staging where written bytes wait
   * @param uploader brings them to the bucket
   * @param clock of times that files show
   * @param nanos of time-outs
   * @param names so many are remembered
   */
  public record Parts(
      ObjectStore store,
      BlockCache blocks,
      StagingArea staging,
      Uploader uploader,
      Clock clock,
      LongSupplier nanos,
      int names) {
    /** For a heap of 512 MiB. */
    public static final int USUAL_NAMES = 80_000;

    /** The same with {@link #USUAL_NAMES}. */
    public Parts(
        ObjectStore store,
        BlockCache blocks,
        StagingArea staging,
        Uploader uploader,
        Clock clock,
        LongSupplier nanos) {
      this(store, blocks, staging, uploader, clock, nanos, USUAL_NAMES);
    }
  }

  /** Shows what is below the prefix of {@code options}. */
  public MountTree(MountOptions options, Parts parts) {
    this.options = options;
    this.store = parts.store;
    this.blocks = parts.blocks;
    this.staging = parts.staging;
    this.clock = parts.clock;
    this.started = clock.instant();
    this.metadata = new MetadataCache(parts.names, this::options, parts.nanos);
    this.remote = new RemoteNames(store, metadata);
    this.uploads = new Uploads(this, parts.uploader);
    this.left = new LeftFiles(this, parts.uploader);
    this.contents = new FileContents(this, parts.uploader);
    this.changes = new NameChanges(this);
    this.renames = new Renames(this);
    this.ahead = new FilesAhead(this);
    this.listings = new ListingsAhead(this);
  }

  MountOptions options() {
    return options;
  }

  /** Shows what is asked for from now on with other options; the prefix stays what it was. */
  public void options(MountOptions changed) {
    if (!changed.prefix().equals(options.prefix())) {
      throw new IllegalArgumentException("the prefix of a tree does not change");
    }
    options = changed;
  }

  ObjectStore store() {
    return store;
  }

  BlockCache blocks() {
    return blocks;
  }

  StagingArea staging() {
    return staging;
  }

  MetadataCache metadata() {
    return metadata;
  }

  RemoteNames remote() {
    return remote;
  }

  PathLocks locks() {
    return locks;
  }

  BackgroundWork background() {
    return background;
  }

  Uploads uploads() {
    return uploads;
  }

  FileContents contents() {
    return contents;
  }

  NameChanges changes() {
    return changes;
  }

  Renames renames() {
    return renames;
  }

  FilesAhead ahead() {
    return ahead;
  }

  OpenCounter opens() {
    return opens;
  }

  /** What it does, for who watches it. */
  public MountActivity activity() {
    return new MountActivity(this);
  }

  /** What is in its directories, for who looks at them from outside. */
  public Directories directories() {
    return new MountBrowser(this);
  }

  Set<SessionFileSystem> sessions() {
    return sessions;
  }

  ListingsAhead listings() {
    return listings;
  }

  Instant now() {
    return clock.instant();
  }

  void join(SessionFileSystem session) {
    sessions.add(session);
  }

  void leave(SessionFileSystem session) {
    sessions.remove(session);
  }

  int sessionCount() {
    return sessions.size();
  }

  boolean hasOtherSessions() {
    return sessions.size() > 1;
  }

  /** The bytes of a version are kept no longer than somebody has them open. */
  void dropBytes(ObjectVersion version) {
    blocks.drop(version);
    sessions.forEach(session -> session.dropBytes(version));
  }

  /** Tells the kernels of all sessions but {@code by} that names have changed. */
  void namesChanged(SessionFileSystem by) {
    if (hasOtherSessions()) {
      sessions.stream().filter(other -> other != by).forEach(SessionFileSystem::namesChanged);
    }
  }

  /** Tells the kernels of all sessions but {@code by} that an inode has changed. */
  void inodeChanged(SessionFileSystem by, Inode inode) {
    if (hasOtherSessions()) {
      sessions.stream().filter(other -> other != by).forEach(other -> other.inodeChanged(inode));
    }
  }

  /** The inode of an object; references it. */
  FileInode file(ObjectInfo object, long asOf) {
    Optional<Posix> posix = metadata.posix(object);
    synchronized (this) {
      Inode there = live.get(object.key());
      if (there instanceof FileInode file && file.accepts(object, posix, asOf)) {
        return referenced(file);
      }
      if (there != null) {
        there.detach();
      }
      FileInode file = new FileInode(object, posix, asOf);
      live.put(object.key(), file);
      return referenced(file);
    }
  }

  /** The inode of a file that was changed here and not uploaded yet, if there is one. */
  synchronized Optional<FileInode> localFile(String key) {
    return live.get(key) instanceof FileInode file && file.isLocal()
        ? Optional.of(referenced(file))
        : Optional.empty();
  }

  /** The inode in use of a key, without a reference of its own. */
  synchronized Optional<Inode> peek(String key) {
    return Optional.ofNullable(live.get(key));
  }

  /** The inode of a directory; references it. */
  DirectoryInode directory(String key) {
    Optional<Posix> posix = metadata.directoryPosix(key);
    synchronized (this) {
      if (live.get(key) instanceof DirectoryInode directory) {
        return referenced(directory);
      }
      DirectoryInode directory = new DirectoryInode(key, posix.orElse(Posix.NOTHING), started);
      live.put(key, directory);
      return referenced(directory);
    }
  }

  /**
   * An inode that an earlier process had in use; referenced. If its name means the same already,
   * that one.
   */
  synchronized Inode restore(Inode restored, boolean isDetached) {
    Inode there = isDetached ? null : live.putIfAbsent(restored.key(), restored);
    if (there != null && there.isSameAs(restored)) {
      return referenced(there);
    }
    if (isDetached || there != null) {
      restored.detach();
    } else {
      rememberNew(restored);
    }
    return referenced(restored);
  }

  /**
   * A file whose written bytes an earlier process left is claimed by a session that had it in use;
   * referenced. It has the name, unless that went away here or there.
   */
  synchronized FileInode restore(FileInode left, boolean isDetached) {
    if (isDetached && !left.isDetached()) {
      detach(left);
    }
    Inode there = live.get(left.key());
    if (left.isDetached() || there == left) {
      return referenced(left);
    }
    if (!left.isLocal() && there instanceof FileInode file && file.isSameAs(left)) {
      return referenced(file);
    }
    return add(left);
  }

  /** Puts in a new inode, and references it. */
  synchronized <T extends Inode> T add(T inode) {
    Inode there = live.put(inode.key(), inode);
    if (there != null) {
      there.detach();
    }
    rememberNew(inode);
    return referenced(inode);
  }

  private static <T extends Inode> T referenced(T inode) {
    inode.reference(1);
    return inode;
  }

  private void rememberNew(Inode inode) {
    if (inode instanceof FileInode file && file.isNew()) {
      newFiles.put(file.key(), file);
    }
  }

  /** One more use of an inode that the caller has a reference of. */
  synchronized void retain(Inode inode) {
    inode.reference(1);
  }

  /** One use less; who is not used any more is forgotten. */
  synchronized void release(Inode inode) {
    if (inode.reference(-1) == 0) {
      live.remove(inode.key(), inode);
    }
  }

  /** The name of an inode is gone, or means another. */
  synchronized void detach(Inode inode) {
    inode.detach();
    live.remove(inode.key(), inode);
  }

  /** Inodes change their keys: that of {@code from}, and all below if it is a directory. */
  synchronized void move(String from, String to) {
    List<Inode> moved = at(from);
    at(to).forEach(this::detach);
    for (Inode inode : moved) {
      live.remove(inode.key(), inode);
      newFiles.remove(inode.key());
      inode.move(to + inode.key().substring(from.length()));
      live.put(inode.key(), inode);
      rememberNew(inode);
    }
  }

  /** Inodes in use of a key, and of all below it if it is a directory. */
  synchronized List<Inode> at(String key) {
    List<Inode> found = new ArrayList<>();
    if (!Keys.isDirectory(key)) {
      peek(key).ifPresent(found::add);
      return found;
    }
    for (Inode inode : live.tailMap(key, true).values()) {
      if (!inode.key().startsWith(key)) {
        break;
      }
      found.add(inode);
    }
    return found;
  }

  /** New files of a directory that OSS does not have: those of a part of a listing. */
  synchronized List<FileInode> newFiles(String prefix, String after, Optional<String> last) {
    newFiles.values().removeIf(file -> file.isDetached() || !file.isNew());
    String from = Keys.ORDER.compare(prefix, after) > 0 ? prefix : after;
    return newFiles.tailMap(from, false).values().stream()
        .takeWhile(file -> file.key().startsWith(prefix))
        .filter(file -> Keys.isChild(file.key(), prefix, from, last))
        .toList();
  }

  /** All files that were changed here and not uploaded yet, but those that wait for a session. */
  synchronized List<FileInode> claimedFiles() {
    return live.values().stream()
        .filter(FileInode.class::isInstance)
        .map(FileInode.class::cast)
        .filter(file -> file.isLocal() && !left.isUnclaimed(file))
        .toList();
  }

  /** How much longer what is known of a name holds. */
  Duration remaining(Known known) {
    return metadata.remaining(known);
  }

  /**
   * Goes on with what an earlier process had not uploaded; before the first session.
   *
   * @param patience so long what was open then waits for the session that had it open, and is then
   *     kept aside; zero: no session of that process will come
   */
  public void recover(Duration patience) {
    left.find(patience);
  }

  LeftFiles left() {
    return left;
  }

  /**
   * Another process goes on with the sessions, and with what was written, which stays where that
   * finds it. Attributes that were set are saved, within a deadline.
   */
  public void handOver() {
    left.close();
    listings.close();
    ahead.close();
    uploads.handOver();
  }

  /** Uploads what is dirty, within a deadline; what cannot be uploaded is kept aside. */
  @Override
  public void close() {
    left.close();
    listings.close();
    ahead.close();
    uploads.close();
  }
}
