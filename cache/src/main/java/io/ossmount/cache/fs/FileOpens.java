package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opening and closing of files: what is asked of OSS before, what goes there after. Thread-safe.
 */
final class FileOpens {
  private static final Logger LOG = LoggerFactory.getLogger(FileOpens.class);

  /** A version that OSS was asked for so recently may be written on top of. */
  private static final long VERIFIED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MountTree tree;

  FileOpens(MountTree tree) {
    this.tree = tree;
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
      tree.writes().stageDirty(file).ifPresent(StagedFile::closed);
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
        tree.writes().abandonStream(file);
        KeptBytes.discard(file);
        return;
      }
      // Of one that was to lose its name, and has it still.
      tree.kept().discardUnused(file);
    }
    if (last) {
      tree.uploads().flushLater(file);
    }
  }
}
