package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingFullException;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of files: opening, reading, writing, cutting. Thread-safe. Methods whose name ends with
 * "Now" never wait for OSS or for another operation, and say so when they would have to.
 */
final class FileContents {
  private static final Logger LOG = LoggerFactory.getLogger(FileContents.class);

  /** They would have to wait. */
  static final int MUST_WAIT = -1;

  /** Largest object of OSS: 48.8 TB. */
  private static final long MAX_BYTES = 10_000L * 5 * (1L << 30);

  /** A version that OSS was asked for so recently may be written on top of. */
  private static final long VERIFIED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MountTree tree;
  private final Uploader uploader;

  FileContents(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
  }

  /** Whether OSS has to be asked before a file may be opened for writing. */
  boolean mustVerify(FileInode file, boolean truncating) {
    synchronized (file) {
      if (file.isLocal() || file.writers > 0) {
        return false;
      }
      boolean recent = tree.metadata().now() - file.verifiedAt < VERIFIED_NANOS;
      return !file.posixKnown || (!truncating && !recent);
    }
  }

  /**
   * Asks OSS whether a file is still the version that its node means, and for its metadata.
   *
   * @throws FuseException ESTALE: it is not; the kernel then looks the name up again
   */
  void verify(FileInode file) {
    Optional<ObjectInfo> now = tree.remote().head(file.key());
    long asOf = tree.metadata().now();
    Optional<Posix> posix = now.flatMap(ObjectInfo::user).map(Posix::of);
    if (now.isEmpty() || !file.accepts(now.get(), posix, asOf)) {
      tree.metadata().forget(file.key());
      throw new FuseException(Errno.ESTALE);
    }
  }

  /**
   * Opens a file, which is verified if it is to be written to.
   *
   * @throws FuseException ESTALE: its name means another by now; the kernel, which remembers names
   *     for a while, then looks it up again
   */
  void open(FileInode file, boolean writing) {
    if (writing ? file.isDetached() : file.isGone()) {
      throw new FuseException(Errno.ESTALE);
    }
    file.open(tree.blocks(), writing);
  }

  /** Whether a file can be cut now. */
  boolean isIdle(FileInode file, long size) {
    synchronized (file) {
      return !file.busy && (file.stream == null || !file.stream.isBusy(size, Long.MAX_VALUE));
    }
  }

  /** Reads what is at hand, or {@link #MUST_WAIT}. */
  int readNow(FileInode file, long offset, MemorySegment into) {
    StagedFile staged;
    SharedSource source;
    synchronized (file) {
      staged = file.staged;
      source = file.source;
      if (staged != null) {
        return staged.isLocal(offset, into.byteSize())
            ? staged.read(offset, into, Optional.empty())
            : MUST_WAIT;
      }
      if (source == null || offset >= file.size()) {
        return 0;
      }
      source.retain();
    }
    try {
      return source.object().readCached(offset, into);
    } finally {
      source.release();
    }
  }

  /**
   * Reads, and waits for what is not at hand; also for a rename, or a change of attributes, that
   * has taken away the version which it is about to give another name.
   *
   * @throws FuseException ESTALE: somebody else has replaced or removed it
   */
  int read(FileInode file, long offset, MemorySegment into) {
    while (true) {
      Shown shown = Shown.of(file);
      try {
        return readShown(file, offset, into);
      } catch (StoreException.NotFound | StoreException.VersionChanged e) {
        if (!isShownAnew(file, shown)) {
          throw gone(file, shown.version(), e);
        }
      }
    }
  }

  /** Where the bytes of a file are. */
  record Shown(@Nullable ObjectVersion version, @Nullable StagedFile staged) {
    static Shown of(FileInode file) {
      synchronized (file) {
        return new Shown(file.version, file.staged);
      }
    }
  }

  /** The same, by who may have locked the path: nothing is waited for but OSS. */
  private int readLocked(FileInode file, long offset, MemorySegment into) {
    Shown shown = Shown.of(file);
    try {
      return readShown(file, offset, into);
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      throw gone(file, shown.version(), e);
    }
  }

  /** Whether its bytes are elsewhere by now, when who is about to move them has done so. */
  boolean isShownAnew(FileInode file, Shown before) {
    return tree.locks()
        .with(
            file::key,
            _ -> {
              tree.uploads().attributes().settleLocked(file);
              return !Shown.of(file).equals(before);
            });
  }

  /** Its name is to be looked up again. */
  private FuseException gone(
      FileInode file, @Nullable ObjectVersion version, StoreException cause) {
    tree.metadata().forget(file.key());
    file.gone(version);
    return new FuseException(Errno.ESTALE, String.valueOf(cause.getMessage()));
  }

  private int readShown(FileInode file, long offset, MemorySegment into) {
    @Nullable StagedFile staged;
    @Nullable SharedSource source;
    synchronized (file) {
      staged = file.staged;
      source = file.source;
      if (staged == null && (source == null || offset >= file.size())) {
        return 0;
      }
      if (source != null) {
        source.retain();
      }
      if (staged != null) {
        staged.retain();
      }
    }
    try {
      Optional<CachedObject> base = Optional.ofNullable(source).map(SharedSource::object);
      return staged == null
          ? base.orElseThrow().read(offset, into)
          : staged.read(offset, into, base);
    } finally {
      if (staged != null) {
        staged.release();
      }
      if (source != null) {
        source.release();
      }
    }
  }

  /**
   * What is to be written.
   *
   * @param offset in bytes; not looked at by an append
   * @param append whether it goes to the end of the file, wherever that is then
   * @param caller who writes; its attempt keeps where that was, so that nothing is appended twice
   */
  record Writing(long offset, boolean append, MemorySegment from, Caller caller) {
    private long start(FileInode file) {
      return append ? caller.attempt().noted().orElseGet(file::size) : offset;
    }
  }

  /** Writes all of it, if nothing has to be waited for; else {@link #MUST_WAIT}. */
  int writeNow(FileInode file, Writing what) {
    synchronized (file) {
      if (file.lost) {
        throw new FuseException(Errno.ESTALE);
      }
      long start = what.start(file);
      long end = start + what.from.byteSize();
      if (end > MAX_BYTES || end < 0) {
        throw new FuseException(Errno.EFBIG);
      }
      if (file.busy || (file.stream != null && file.stream.isBusy(start, end))) {
        return MUST_WAIT;
      }
      StagedFile staged = stage(file);
      if (what.append) {
        what.caller.attempt().note(start);
      }
      staged.write(start, what.from);
      if (file.stream != null) {
        file.stream.changed(start, end);
      }
      if (file.appendsOnly && !what.append) {
        file.appendsOnly = false;
        staged.intend(file.intent(file.posix));
      }
      changed(file, what.caller);
      advance(file);
      return (int) what.from.byteSize();
    }
  }

  /** The same, and waits. */
  int write(FileInode file, Writing what) {
    for (int written = writeNow(file, what); ; written = writeNow(file, what)) {
      if (written != MUST_WAIT) {
        return written;
      }
      long start = what.start(file);
      awaitIdle(file, start, start + what.from.byteSize());
    }
  }

  private static void awaitIdle(FileInode file, long start, long end) {
    @Nullable PartStream stream;
    synchronized (file) {
      file.awaitIdle();
      stream = file.stream;
    }
    if (stream != null) {
      stream.await(start, end);
    }
  }

  /** Cuts or extends a file, and waits if it has to. */
  void truncate(FileInode file, long size, Caller caller) {
    if (size < 0 || size > MAX_BYTES) {
      throw new FuseException(Errno.EFBIG);
    }
    while (!truncateNow(file, size, caller)) {
      awaitIdle(file, size, Long.MAX_VALUE);
    }
  }

  /** Cuts or extends a file if nothing has to be waited for; else says false. */
  boolean truncateNow(FileInode file, long size, Caller caller) {
    synchronized (file) {
      if (!isIdle(file, size)) {
        return false;
      }
      if (file.lost) {
        throw new FuseException(Errno.ESTALE);
      }
      if (size == 0) {
        empty(file);
      } else {
        StagedFile staged = stage(file);
        file.appendsOnly = false;
        staged.intend(file.intent(file.posix));
        staged.truncate(size);
        if (file.stream != null) {
          file.stream.changed(size, Long.MAX_VALUE);
        }
      }
      changed(file, caller);
      return true;
    }
  }

  private void empty(FileInode file) {
    abandonStream(file);
    file.truncated = true;
    if (file.staged != null) {
      file.staged.intend(file.intent(file.posix));
      file.staged.truncate(0);
    }
  }

  /** Ends an upload that went ahead: what it sent is not wanted. */
  void abandonStream(FileInode file) {
    PartStream stream = file.stream;
    file.stream = null;
    if (stream != null) {
      var _ = tree.background().submit("end of an upload", Duration.ZERO, stream::abort, () -> {});
    }
  }

  private StagedFile stage(FileInode file) {
    if (file.staged == null) {
      Optional<ObjectVersion> base =
          Optional.ofNullable(file.version).filter(version -> !file.truncated);
      StagedFile staged = tree.staging().create(file.key(), base);
      staged.intend(file.intent(file.posix));
      if (file.isDetached()) {
        staged.unnamed();
      }
      file.staged = staged;
      if (base.isPresent()) {
        file.openSource(tree.blocks());
      }
      // The next server is to find it before the writer is answered.
      file.changed();
    }
    return file.staged;
  }

  /**
   * The staging file of what was changed and is not in OSS, as it is to go up; empty: there is no
   * such thing. Waits for an upload of nothing that is under way.
   */
  Optional<StagedFile> stageDirty(FileInode file) {
    synchronized (file) {
      if (file.staged == null) {
        file.awaitIdle();
      }
      if (!file.dirty || file.lost || file.isDetached()) {
        return Optional.empty();
      }
      StagedFile staged = stage(file);
      name(file);
      file.intend();
      return Optional.of(staged);
    }
  }

  private void changed(FileInode file, Caller caller) {
    boolean isNews = !file.dirty || file.posix.modified().isPresent();
    file.modified = tree.now();
    file.changed = file.modified;
    file.posix = file.posix.withModified(Optional.empty());
    file.generation++;
    file.authors = (file.dirty ? file.authors : Authors.NONE).and(caller.pid());
    file.dirty = true;
    file.leftBehind = false;
    name(file);
    if (isNews) {
      file.changed();
    }
  }

  /** A copy of a file that was to lose its name is what was written to it from now on. */
  private static void name(FileInode file) {
    if (file.staged != null && !file.isDetached() && !file.staged.isNamed()) {
      file.staged.renamed(file.key());
    }
  }

  private void advance(FileInode file) {
    // What the process before had begun is ended first, and that waits for OSS.
    if (file.staged != null && !file.isDetached() && !file.unsettled) {
      var metadata = new ObjectMetadata(Optional.empty(), file.posix.toUser());
      file.stream =
          uploader.stream(Optional.ofNullable(file.stream), file.staged, file.key(), metadata)
              .orElse(null);
    }
  }

  /**
   * A writer is about to go. After the last one the next process is to upload what is dirty, also
   * if no session tells it of the file. Waits for an upload of nothing that is under way.
   */
  void closing(FileInode file) {
    synchronized (file) {
      if (file.writers == 1) {
        noteClosed(file);
      }
    }
  }

  private void noteClosed(FileInode file) {
    try {
      stageDirty(file).ifPresent(StagedFile::closed);
    } catch (UncheckedIOException e) {
      LOG.warn("{} goes up without a note for the next process: {}", file.key(), e.getMessage());
    }
  }

  /** A descriptor is gone for good; what is dirty goes up in the background. */
  void release(FileInode file, boolean writing) {
    boolean last;
    synchronized (file) {
      file.closed(writing);
      if (writing && file.writers == 0) {
        // Of two who go at the same time, none was the last before.
        noteClosed(file);
      }
      last = writing && file.writers == 0 && file.dirty;
      if (file.isDetached() && file.opens == 0) {
        abandonStream(file);
        discard(file);
        return;
      }
      // Of one that was to lose its name, and has it still.
      discardUnused(file);
    }
    if (last) {
      tree.uploads().flushLater(file);
    }
  }

  /** Nobody may need what was written to a file without a name, or copied of one that OSS has. */
  void discardUnused(FileInode file) {
    synchronized (file) {
      if (file.opens == 0 && !file.busy && (file.isDetached() || !file.dirty)) {
        discard(file);
      }
    }
  }

  private static void discard(FileInode file) {
    if (file.mayBeClaimed) {
      return;
    }
    if (file.staged != null) {
      file.staged.discard();
      file.staged = null;
    }
    file.closeUnused();
  }

  /**
   * The name of an open file goes away: fetches what is not here, so that its readers can go on.
   * Only up to {@code limit} bytes; beyond, they get ESTALE for what is not here.
   *
   * @throws StagingFullException neither the cache has room for it nor the staging area
   */
  void keepForReaders(FileInode file, long limit) {
    if (!file.isOpen() || file.isNew() || file.size() > limit) {
      return;
    }
    MemorySegment buffer = MemorySegment.ofArray(new byte[1 << 20]);
    for (long at = 0; at < file.size(); at += buffer.byteSize()) {
      int count = readLocked(file, at, buffer);
      if (count <= 0) {
        return;
      }
    }
    @Nullable ObjectVersion version = Shown.of(file).version();
    if (version != null && tree.blocks().cachedBytes(version) < version.size()) {
      keepStaged(file);
    }
  }

  /** What the cache has no room for is kept where that is which was written. */
  private void keepStaged(FileInode file) {
    StagedFile staged;
    synchronized (file) {
      file.awaitIdle();
      if (file.lost || file.truncated || file.source == null) {
        return;
      }
      staged = stage(file);
      if (!file.dirty) {
        // OSS has it under its name, as long as that is there.
        staged.unnamed();
      }
      file.busy = true;
    }
    try {
      makeWhole(file, staged);
    } finally {
      synchronized (file) {
        file.idle();
        discardUnused(file);
      }
    }
  }

  /**
   * Copies what is not here of a file that is busy, so that it can do without OSS.
   *
   * @throws StoreException it cannot be had
   */
  void makeWhole(FileInode file, StagedFile staged) {
    @Nullable SharedSource source;
    synchronized (file) {
      source = file.source;
      if (source != null) {
        source.retain();
      }
    }
    try {
      staged.makeWhole(Optional.ofNullable(source).map(SharedSource::object));
    } finally {
      if (source != null) {
        source.release();
      }
    }
  }
}
