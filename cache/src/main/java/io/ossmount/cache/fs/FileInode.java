package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.WriteIntent;
import io.ossmount.fuse.Attributes;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file (or symbolic link) in use: one version of an object, and what its writers have made of it.
 *
 * <p>Thread-safe. The state is guarded by the monitor, in which nothing waits but {@link
 * #awaitIdle}. While the file is busy, being uploaded, its bytes and its size stay as they are.
 */
final class FileInode extends Inode {
  private static final Logger LOG = LoggerFactory.getLogger(FileInode.class);

  /** Guarded by the monitor; {@link FileWrites} and {@link Uploads} work on them within it. */
  @Nullable ObjectVersion version;

  @Nullable StagedFile staged;
  @Nullable PartStream stream;
  @Nullable SharedSource source;
  Posix posix;
  boolean posixKnown;
  Instant modified;
  Instant changed;
  boolean dirty;

  /** Who has made it so; of a file that is not, it says nothing. */
  Authors authors;

  boolean busy;
  boolean attributesPending;
  boolean appendsOnly = true;
  boolean truncated;
  boolean lost;

  /** Its close(2) was answered when it was durable here: it has to reach OSS. */
  boolean promised;

  /** Who wrote it last does not want its bytes in the cache. */
  boolean uncached;

  /** Nobody has looked yet what OSS has made of an upload of the process before. */
  boolean unsettled;

  /** OSS may have made what was written to it: an upload of it had no answer. */
  boolean mayBeMade;

  /** An earlier process had it open, and sessions may come that need its bytes. */
  boolean mayBeClaimed;

  /** An earlier process had it open, and none of its sessions is here yet. */
  boolean unclaimed;

  /**
   * Its bytes are those that an earlier process left, and no writer has changed them since: they
   * may be old, and go over no version that they do not know.
   */
  boolean leftBehind;

  int opens;
  int writers;
  long verifiedAt;
  private @Nullable ObjectVersion goneVersion;
  private long cachedUntilNanos = Long.MIN_VALUE / 2;
  long generation;

  /** That an earlier process had it in use, and which version it was then. */
  private final @Nullable Before before;

  private record Before(@Nullable ObjectVersion version) {}

  /** A version that OSS has. */
  FileInode(MountTree tree, ObjectInfo object, Optional<Posix> posix, long asOf) {
    super(tree, object.key());
    this.version = object.version();
    this.posix = posix.orElse(Posix.NOTHING);
    this.posixKnown = posix.isPresent();
    this.modified = this.posix.modified().orElse(object.modified());
    this.changed = modified;
    this.authors = Authors.NONE;
    this.verifiedAt = asOf;
    this.before = null;
  }

  /** A new file, which OSS does not have yet, and whose maker is to be told. */
  FileInode(MountTree tree, String key, Posix posix, Instant now) {
    super(tree, key);
    this.posix = posix;
    this.posixKnown = true;
    this.modified = now;
    this.changed = now;
    this.dirty = true;
    this.authors = Authors.NONE;
    this.before = null;
  }

  /** One that an earlier process had in use. */
  FileInode(
      MountTree tree, String key, @Nullable ObjectVersion version, Posix posix, Instant modified) {
    super(tree, key);
    this.version = version;
    this.posix = posix;
    this.modified = modified;
    this.changed = modified;
    this.authors = Authors.UNKNOWN;
    this.verifiedAt = Long.MIN_VALUE / 2;
    this.before = new Before(version);
  }

  /**
   * One whose written bytes an earlier process left.
   *
   * @param written when that was, as the local disk says
   */
  FileInode(MountTree tree, StagedFile staged, Instant written) {
    super(tree, staged.key());
    WriteIntent intent = staged.intent();
    this.staged = staged;
    // One that goes up beside another's version has no older one.
    this.version =
        staged
            .base()
            .or(intent::version)
            .filter(known -> known.key().equals(staged.key()))
            .orElse(null);
    this.posix = Posix.of(intent.metadata().user());
    this.posixKnown = true;
    this.modified = posix.modified().orElse(written);
    this.changed = modified;
    // One without a name is as its session says: it may have nothing but what OSS has.
    this.dirty =
        staged.isNamed() && (staged.isChanged() || staged.isClosed() || staged.isPromised());
    this.authors = Authors.UNKNOWN;
    this.appendsOnly = intent.appendsOnly();
    this.truncated = intent.replaces();
    this.unsettled = true;
    this.mayBeMade = version == null && (staged.isCompleting() || staged.isInDoubt());
    this.leftBehind = true;
    this.verifiedAt = Long.MIN_VALUE / 2;
    this.before = new Before(version);
  }

  /** This thread has made it. */
  synchronized void madeBy(int thread) {
    authors = authors.and(thread);
  }

  /** Whether OSS may have it though it is new. */
  synchronized boolean mayBeMade() {
    return version == null && mayBeMade;
  }

  /** Whether OSS may have made what was written to it, new or not, and nobody has heard. */
  synchronized boolean isInDoubt() {
    return mayBeMade || (staged != null && (staged.isCompleting() || staged.isInDoubt()));
  }

  /** Whether this and not OSS says what the file is now. */
  synchronized boolean isLocal() {
    return dirty || busy || version == null;
  }

  @Override
  synchronized boolean isSameAs(Inode other) {
    if (!(other instanceof FileInode file)) {
      return false;
    }
    boolean wasSame = before != null && Objects.equals(before.version, file.version);
    return wasSame || (!isLocal() && Objects.equals(version, file.version));
  }

  @Override
  synchronized void move(String newKey) {
    note(file -> {
      boolean isNamed = file.isNamed();
      file.renamed(newKey);
      if (!isNamed) {
        file.unnamed();
      }
    });
    super.move(newKey);
  }

  @Override
  synchronized void detach() {
    note(StagedFile::unnamed);
    super.detach();
  }

  /** Tells the next process something of what was written. */
  private void note(Consumer<StagedFile> what) {
    if (staged != null) {
      try {
        what.accept(staged);
      } catch (UncheckedIOException e) {
        LOG.warn("The journal of {} is not whole: {}", key(), e.getMessage());
      }
    }
  }

  /** How what was written is to go up. Within the monitor. */
  WriteIntent intent(Posix with) {
    return new WriteIntent(
        appendsOnly,
        truncated,
        Optional.ofNullable(version),
        new ObjectMetadata(Optional.empty(), with.toUser()));
  }

  /** Tells the next process how what was written is to go up. Within the monitor. */
  void intend() {
    if (staged != null) {
      staged.intend(intent(posix.withModified(Optional.of(modified))));
    }
  }

  /** The same, which is no reason to fail. */
  void noteIntent() {
    note(_ -> intend());
  }

  /** Whether its bytes are kept in the cache when it has gone up: as who closed it last wants. */
  synchronized void uncached(boolean isUnwanted) {
    uncached = isUnwanted;
  }

  /** Whether OSS has never had it. */
  synchronized boolean isNew() {
    return version == null;
  }

  /** Whether an object that OSS tells of is this one; then learns what is told. */
  synchronized boolean accepts(ObjectInfo object, Optional<Posix> told, long asOf) {
    if (isLocal() || writers > 0) {
      return true;
    }
    if (!object.version().equals(version)) {
      return false;
    }
    goneVersion = null;
    if (told.isPresent() && !attributesPending) {
      if (typeOf(told.get()) != type()) {
        return false;
      }
      posix = told.get();
      posixKnown = true;
      modified = posix.modified().orElse(object.modified());
    }
    verifiedAt = asOf;
    return true;
  }

  /** OSS does not have the version any more, as a read has found. */
  synchronized void gone(@Nullable ObjectVersion read) {
    goneVersion = read;
  }

  /** Whether its name is to be looked up again before it is opened to be read. */
  synchronized boolean isGone() {
    return goneVersion != null && goneVersion.equals(version) && !isLocal() && writers == 0;
  }

  /** File type, as in {@code st_mode}. */
  synchronized int type() {
    return typeOf(posix);
  }

  private static int typeOf(Posix posix) {
    boolean link = (posix.mode().orElse(0) & Attributes.TYPE_MASK) == Attributes.SYMLINK;
    return link ? Attributes.SYMLINK : Attributes.REGULAR;
  }

  /** Whether it was to be new, or to replace what was there, when an earlier process left it. */
  synchronized boolean isLateReplacement() {
    return leftBehind && dirty && (version == null || truncated);
  }

  /** Bytes as readers see them. */
  synchronized long size() {
    if (staged != null) {
      return staged.size();
    }
    return version == null || isEmptied() ? 0 : version.size();
  }

  /** Truncated to nothing, and nothing written since. */
  private boolean isEmptied() {
    return dirty && staged == null;
  }

  /** It is busy no more. */
  synchronized void idle() {
    busy = false;
    notifyAll();
  }

  /** Waits, also when interrupted, until no upload is under way. */
  synchronized void awaitIdle() {
    boolean interrupted = false;
    while (busy) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Somebody opens it: the version is kept readable. */
  synchronized void open(BlockCache blocks, boolean writing) {
    opens++;
    writers += writing ? 1 : 0;
    openSource(blocks);
  }

  /** Opens the version for reading, if it is not. */
  void openSource(BlockCache blocks) {
    if (source == null && version != null && version.size() > 0) {
      source = new SharedSource(blocks.open(version));
    }
  }

  /** One of those who opened it is gone. */
  synchronized void closed(boolean writing) {
    opens--;
    writers -= writing ? 1 : 0;
    closeUnused();
  }

  /** Closes the source when nobody needs it. */
  synchronized void closeUnused() {
    if (opens == 0 && staged == null && !busy) {
      closeSource();
    }
  }

  /** Gives the source up; readers that are at work end first. */
  void closeSource() {
    if (source != null) {
      source.release();
      source = null;
    }
  }

  /** Until then it is opened through the page cache. */
  synchronized void keepCached(long untilNanos) {
    cachedUntilNanos = untilNanos;
  }

  synchronized boolean isKeptCached(long nowNanos) {
    return nowNanos - cachedUntilNanos < 0;
  }

  synchronized boolean isOpen() {
    return opens > 0;
  }

  /** Another name of the same bytes: the object was copied there, as far as one can see. */
  synchronized void replaceVersion(BlockCache blocks, ObjectInfo copy, long asOf) {
    note(file -> file.based(copy.version()));
    boolean isSame =
        version != null
            && version.etag().equals(copy.version().etag())
            && version.size() == copy.version().size();
    generation += isSame ? 0 : 1;
    version = copy.version();
    noteIntent();
    verifiedAt = asOf;
    if (source != null) {
      closeSource();
      openSource(blocks);
    }
    changed();
  }

  /** Grows when the bytes change here. */
  synchronized long generation() {
    return generation;
  }

  /**
   * Whether it shows what OSS has as this version, and has done so as long as this process knows.
   */
  synchronized boolean isStill(@Nullable ObjectVersion then) {
    return isStored(0) && Objects.equals(version, then);
  }

  /** Whether it is of this generation, and nothing of it waits to go up. */
  synchronized boolean isStored(long ofGeneration) {
    return ofGeneration == generation && staged == null && !dirty && !lost;
  }
}
