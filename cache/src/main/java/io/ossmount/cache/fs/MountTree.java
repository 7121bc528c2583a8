package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.control.Directories;
import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.BackgroundWork;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A directory of a bucket, as all sessions of a mount share it: the inodes in use, what is known of
 * the bucket's names, and what was written. A mount has one of its own, and one for each nested
 * mount; these share nothing that a bucket which does not answer could take from the others.
 * Thread-safe; its own methods never wait for OSS, but for {@link #close()}.
 *
 * <p>Order of locks: {@link PathLocks}, the tree, an inode, the metadata cache.
 */
public final class MountTree implements AutoCloseable {
  /** Id of a mount's own tree. */
  public static final long ROOT = 0;

  private final long id;
  private final MountShared shared;
  private volatile MountOptions options;
  private volatile boolean removed;
  private final ObjectStore store;
  private final BlockCache blocks;
  private final StagingArea staging;
  private final Clock clock;
  private final MetadataCache metadata;
  private final RemoteNames remote;
  private final PathLocks locks = new PathLocks();
  private final BackgroundWork background = new BackgroundWork();
  private final Uploads uploads;
  private final AsyncUploads async;
  private final LeftFiles left;
  private final FileOpens opens;
  private final FileReads reads;
  private final FileWrites writes;
  private final KeptBytes kept;
  private final NameChanges changes;
  private final Renames renames;
  private final Leftovers leftovers;
  private final FilesAhead ahead;
  private final ListingsAhead listings;
  private final LiveInodes live;
  private final Lookups lookups;

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
   * @param node name of this machine, for what has to be told from other machines' files
   */
  public record Parts(
      ObjectStore store,
      BlockCache blocks,
      StagingArea staging,
      Uploader uploader,
      Clock clock,
      LongSupplier nanos,
      int names,
      String node) {
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

    /** The same of a machine without a name. */
    public Parts(
        ObjectStore store,
        BlockCache blocks,
        StagingArea staging,
        Uploader uploader,
        Clock clock,
        LongSupplier nanos,
        int names) {
      this(store, blocks, staging, uploader, clock, nanos, names, "");
    }
  }

  /** Shows what is below the prefix of {@code options}: a mount's own tree. */
  public MountTree(MountOptions options, Parts parts) {
    this(ROOT, new MountShared(), options, parts);
  }

  private MountTree(long id, MountShared shared, MountOptions options, Parts parts) {
    this.id = id;
    this.shared = shared;
    this.options = options;
    this.store = parts.store;
    this.blocks = parts.blocks;
    this.staging = parts.staging;
    this.clock = parts.clock;
    this.metadata = new MetadataCache(parts.names, this::options, parts.nanos);
    this.remote = new RemoteNames(store, metadata);
    this.uploads = new Uploads(this, parts.uploader);
    this.async = new AsyncUploads(this, parts.node);
    this.left = new LeftFiles(this, parts.uploader);
    this.opens = new FileOpens(this);
    this.reads = new FileReads(this);
    this.writes = new FileWrites(this, parts.uploader);
    this.kept = new KeptBytes(this);
    this.changes = new NameChanges(this);
    this.renames = new Renames(this);
    this.leftovers = new Leftovers(this);
    this.ahead = new FilesAhead(this);
    this.listings = new ListingsAhead(this);
    this.live = new LiveInodes(this, clock.instant());
    this.lookups = new Lookups(this);
    shared.begun(this);
  }

  /**
   * Another tree of this mount, of which nothing is seen until it is {@link #graft grafted}.
   *
   * @param treeId says to the next process which tree it is: the same for the same path, bucket and
   *     directory, and not 0
   */
  public MountTree nested(long treeId, MountOptions nestedOptions, Parts parts) {
    if (treeId == ROOT) {
      throw new IllegalArgumentException("the id of the mount's own tree");
    }
    return new MountTree(treeId, shared, nestedOptions, parts);
  }

  /**
   * From now on these trees, and no others, are at these paths of this one, the mount's own; the
   * kernels of all sessions are told.
   *
   * @param byPath names with "/" between them; empty: the tree cannot be made yet, and what asks
   *     for anything there gets EIO
   */
  public void graft(Map<String, Optional<MountTree>> byPath) {
    shared.graft(MountTable.of(this, byPath));
  }

  /** What else is pending in this mount, of trees that are not there; never waits. */
  public void pendingElsewhere(Supplier<PendingWrites> pending) {
    shared.pendingElsewhere(pending);
  }

  /** An id for {@link #nested}. */
  public static long idOf(String path, String bucket, String prefix) {
    long id = Keys.hash(String.join("\0", path, bucket, prefix));
    return id == ROOT ? 1 : id;
  }

  /**
   * Whether the bucket around it has a file of its name, which it hides; asks OSS.
   *
   * @throws io.ossmount.cache.store.StoreException OSS cannot be asked
   */
  public boolean hidesFile() {
    return shared
        .mounts()
        .hidden(this)
        .flatMap(name -> name.tree().store().head(name.key()))
        .isPresent();
  }

  /** Remembers so many names from now on. */
  public void names(int most) {
    metadata.most(most);
  }

  /** Which tree of the mount: {@value #ROOT} is its own. */
  long id() {
    return id;
  }

  /** What it shares with the other trees of the mount. */
  MountShared shared() {
    return shared;
  }

  /** Its names are gone; who has something of it open goes on. */
  boolean isRemoved() {
    return removed;
  }

  void removed(boolean isRemoved) {
    removed = isRemoved;
  }

  /** Whether nobody uses anything of it. */
  public boolean isUnused() {
    return live.isUnused();
  }

  /** Calls {@code end}, which does not wait, each time when the last use of it is over. */
  public void whenUnused(Runnable end) {
    live.whenUnused(end);
  }

  Lookups lookups() {
    return lookups;
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

  Leftovers leftovers() {
    return leftovers;
  }

  Uploads uploads() {
    return uploads;
  }

  AsyncUploads async() {
    return async;
  }

  FileOpens opens() {
    return opens;
  }

  FileReads reads() {
    return reads;
  }

  FileWrites writes() {
    return writes;
  }

  KeptBytes kept() {
    return kept;
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

  /** What it does, for who watches it. */
  public MountActivity activity() {
    return new MountActivity(shared, staging, clock);
  }

  /** What is in its directories, for who looks at them from outside. */
  public Directories directories() {
    return new MountBrowser(this);
  }

  ListingsAhead listings() {
    return listings;
  }

  Instant now() {
    return clock.instant();
  }

  /** The bytes of a version are kept no longer than somebody has them open. */
  void dropBytes(ObjectVersion version) {
    blocks.drop(version);
    shared.dropBytes(new StoredVersion(blocks, version));
  }

  /**
   * Forgets what is known of the buckets' names, in all trees of the mount, and lets go the cache
   * files that are kept for who may open them again. What was changed here and is not uploaded yet
   * stays, and so does what is open. Never waits for OSS.
   */
  public void reset() {
    shared.trees().forEach(tree -> tree.metadata.forgetAll());
    shared.sessions().forEach(SessionFileSystem::reset);
  }

  /** Tells the kernels of all sessions that names have changed. */
  void everyoneLooksAgain() {
    shared.sessions().forEach(SessionFileSystem::namesChanged);
  }

  /** The inode of an object; references it. */
  FileInode file(ObjectInfo object, long asOf) {
    return live.file(object, metadata.posix(object), asOf);
  }

  /** The inode of a file that was changed here and not uploaded yet, if there is one. */
  Optional<FileInode> localFile(String key) {
    return live.localFile(key);
  }

  /** The inode in use of a key, without a reference of its own. */
  Optional<Inode> peek(String key) {
    return live.peek(key);
  }

  /** The same, if it is a file. */
  Optional<FileInode> peekFile(String key) {
    return peek(key).filter(FileInode.class::isInstance).map(FileInode.class::cast);
  }

  /** The inode of a directory; references it. */
  DirectoryInode directory(String key) {
    return live.directory(key, metadata.directoryPosix(key).orElse(Posix.NOTHING));
  }

  /** The inode of its root; references it. */
  DirectoryInode root() {
    return directory(options.prefix());
  }

  /** See {@link LiveInodes#restore(Inode, boolean)}. */
  Inode restore(Inode restored, boolean isDetached) {
    return live.restore(restored, isDetached);
  }

  /** See {@link LiveInodes#restore(FileInode, boolean)}. */
  FileInode restore(FileInode claimed, boolean isDetached) {
    return live.restore(claimed, isDetached);
  }

  /** Puts in a new inode, and references it. */
  <T extends Inode> T add(T inode) {
    return live.add(inode);
  }

  /** One more use of an inode that the caller has a reference of. */
  void retain(Inode inode) {
    live.retain(inode);
  }

  /** One use less; who is not used any more is forgotten. */
  void release(Inode inode) {
    live.release(inode);
  }

  /** The name of an inode is gone, or means another. */
  void detach(Inode inode) {
    live.detach(inode);
  }

  /** Inodes change their keys: that of {@code from}, and all below if it is a directory. */
  void move(String from, String to) {
    live.move(from, to);
  }

  /** What an earlier process did not come to of {@link #move}. */
  void moveRest(String from, String to) {
    live.moveRest(from, to);
  }

  /** Inodes in use of a key, and of all below it if it is a directory. */
  List<Inode> at(String key) {
    return live.at(key);
  }

  /** New files of a directory that OSS does not have: those of a part of a listing. */
  List<FileInode> newFiles(String prefix, String after, Optional<String> last) {
    return live.newFiles(prefix, after, last);
  }

  /** All files that were changed here and not uploaded yet, but those that wait for a session. */
  List<FileInode> claimedFiles() {
    return live.localFiles().stream().filter(file -> !left.isUnclaimed(file)).toList();
  }

  /** How much longer what is known of a name holds. */
  Duration remaining(Known known) {
    return metadata.remaining(known);
  }

  /**
   * Goes on with what an earlier process had not uploaded; before the first session.
   *
   * @param sessions which what was open then waits for, and is then kept aside
   */
  public void recover(SessionsToCome sessions) {
    left.find(sessions);
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
    shared.ended(this);
  }
}
