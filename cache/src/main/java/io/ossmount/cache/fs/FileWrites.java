package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes to files, and cuts: to the staging area, from where {@link Uploads} brings them to OSS.
 * Thread-safe. Methods whose name ends with "Now" never wait for OSS or for another operation, and
 * say so when they would have to.
 */
final class FileWrites {
  /** It would have to wait. */
  static final int MUST_WAIT = -1;

  /** Largest object of OSS: 48.8 TB. */
  private static final long MAX_BYTES = 10_000L * 5 * (1L << 30);

  private final MountTree tree;
  private final Uploader uploader;

  FileWrites(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
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

  /** Whether a file can be cut now. */
  private static boolean isIdle(FileInode file, long size) {
    synchronized (file) {
      return !file.busy && (file.stream == null || !file.stream.isBusy(size, Long.MAX_VALUE));
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
  private boolean truncateNow(FileInode file, long size, Caller caller) {
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

  /** Where a file is written, which is made if there is none; by who holds its monitor. */
  StagedFile stage(FileInode file) {
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
}
