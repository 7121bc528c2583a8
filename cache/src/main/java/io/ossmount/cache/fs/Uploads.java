package io.ossmount.cache.fs;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Overwrite;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.RunningUploads;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was written to OSS. Thread-safe; methods wait.
 *
 * <p>A writer that did not truncate writes on top of the version that it opened. When OSS has
 * another one by then, nothing is overwritten: what was only appended is appended to the new
 * version, anything else fails with {@link StoreException.VersionChanged} and is kept aside when
 * the last descriptor is closed.
 */
final class Uploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

  private final MountTree tree;
  private final Uploader uploader;
  private final UploadChecks checks;
  private final AttributeSaves attributes;
  private final LastUploads last;

  Uploads(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
    this.checks = new UploadChecks(tree, uploader);
    this.attributes = new AttributeSaves(tree);
    this.last = new LastUploads(tree, this);
  }

  AttributeSaves attributes() {
    return attributes;
  }

  /** What goes up at the moment. */
  List<RunningUploads.Upload> running() {
    return uploader.running().now();
  }

  private UploadCounter counter() {
    return tree.shared().uploads();
  }

  /**
   * Returns when OSS has the file as it is now; at once when it has. What an earlier process left
   * and somebody else has written meanwhile goes up beside that.
   */
  void flush(FileInode file) {
    try {
      flushOnce(file);
    } catch (StoreException.VersionChanged e) {
      if (!file.isLateReplacement()) {
        throw e;
      }
      tree.async().keepBoth(file);
      flushOnce(file);
    }
  }

  private void flushOnce(FileInode file) {
    var _ =
        tree.locks()
            .with(
                file::key,
                key -> {
                  flushLocked(file);
                  return key;
                });
  }

  /** The same, by who has locked the path. */
  void flushLocked(FileInode file) {
    requireNotLost(file);
    if (file.isDetached()) {
      return;
    }
    Optional<UploadJob> job = begin(file);
    if (job.isEmpty()) {
      attributes.saveLocked(file);
    } else {
      upload(file, job.get());
    }
  }

  /**
   * Goes on with an upload of the process before, by who has locked the file's path and then made
   * it busy; does nothing when it went up before that.
   */
  void goOn(FileInode file) {
    boolean isWanted;
    synchronized (file) {
      isWanted = file.dirty && !file.isDetached();
    }
    if (isWanted) {
      upload(file, UploadJob.of(file));
    } else {
      file.idle();
    }
  }

  private void upload(FileInode file, UploadJob job) {
    try {
      Optional<UploadChecks.Settled> settled = checks.settled(file, job);
      if (settled.isPresent()) {
        // The bytes here may be older than what the earlier process has sent: the power went.
        done(file, settled.get().job(), settled.get().made(), false);
        attributes.saveLocked(file);
      } else {
        UploadJob checked = checks.checked(file, job);
        boolean isNew = UploadChecks.isLeftAsNew(file);
        done(file, checked, isNew ? sendNew(file, checked) : send(file.key(), checked), true);
      }
      counter().done();
    } catch (RuntimeException e) {
      counter().failed();
      UploadChecks.askNextTime(file, e);
      file.idle();
      throw e;
    }
  }

  /** What was written had to be kept aside: nobody may be told that it is safe. */
  static void requireNotLost(FileInode file) {
    synchronized (file) {
      if (file.lost) {
        throw new StoreException.VersionChanged(file.key() + " could not be uploaded");
      }
    }
  }

  private static Optional<UploadJob> begin(FileInode file) {
    synchronized (file) {
      file.awaitIdle();
      if (!file.dirty) {
        return Optional.empty();
      }
      file.busy = true;
      return Optional.of(UploadJob.of(file));
    }
  }

  private ObjectInfo sendNew(FileInode file, UploadJob job) {
    String key = file.key();
    StagedFile staged = job.staged();
    try {
      return staged == null
          ? tree.store().put(key, nothing(), job.metadata(), Overwrite.FORBIDDEN)
          : uploader.uploadNew(key, staged, job.baseObject(), job.metadata());
    } catch (StoreException.VersionChanged e) {
      // It may be there because OSS has made it, and the answer was lost.
      return staged == null
          ? tree.remote().head(key).filter(found -> found.size() == 0).orElseThrow(() -> e)
          : checks.found(key, uploader.settle(staged).orElseThrow(() -> e));
    }
  }

  private static Content nothing() {
    return new Content.OfBuffer(ByteBuffer.allocate(0));
  }

  private ObjectInfo send(String key, UploadJob job) {
    ObjectMetadata metadata = job.metadata();
    if (job.staged() == null) {
      return tree.store().put(key, nothing(), metadata);
    }
    StagedFile staged = job.staged();
    return Optional.ofNullable(job.stream())
        .flatMap(stream -> uploader.upload(key, staged, stream, metadata))
        .orElseGet(() -> uploader.upload(key, staged, job.baseObject(), metadata));
  }

  /**
   * OSS has it: what was written becomes the cached version.
   *
   * @param isSame whether the bytes here are those that OSS has
   */
  private void done(FileInode file, UploadJob job, ObjectInfo made, boolean isSame) {
    tree.metadata().remember(made, job.posix());
    tree.metadata().written(made);
    tree.leftovers().replaced(made.key());
    boolean whole =
        isSame
            && job.staged() != null
            && made.size() > 0
            && job.staged().isWhole()
            && !isUncached(file);
    if (whole) {
      // Nothing is written to it: the file is busy. Readers go on with its descriptor.
      tree.blocks().adopt(made.version(), Objects.requireNonNull(job.staged()).path());
    }
    boolean wasPromised;
    synchronized (file) {
      wasPromised = file.promised;
      file.closeSource();
      file.staged = null;
      file.stream = null;
      file.version = made.version();
      file.verifiedAt = tree.metadata().now();
      file.dirty = false;
      file.promised = false;
      file.mayBeMade = false;
      file.leftBehind = false;
      file.appendsOnly = true;
      file.truncated = false;
      if (file.posix.modified().isEmpty()) {
        file.posix = file.posix.withModified(job.posix().modified());
      }
      file.busy = false;
      if (file.opens > 0) {
        file.openSource(tree.blocks());
      }
      file.changed();
      file.notifyAll();
    }
    if (whole) {
      Objects.requireNonNull(job.staged()).handOver();
    } else if (job.staged() != null) {
      job.staged().discard();
    }
    if (wasPromised) {
      endPromise(file);
    }
    if (job.version() != null && !job.version().equals(made.version())) {
      tree.dropBytes(job.version());
    }
  }

  /** By who has locked the path: what is done under the name next must not meet it again. */
  private void endPromise(FileInode file) {
    try {
      tree.staging().force();
    } catch (UncheckedIOException e) {
      LOG.warn("{} may go up again after a loss of power: {}", file.key(), e.getMessage());
    }
  }

  private static boolean isUncached(FileInode file) {
    synchronized (file) {
      return file.uncached;
    }
  }

  /** The last descriptor of a dirty file is gone: uploads it without anybody waiting. */
  void flushLater(FileInode file) {
    if (tree.async().isPending(file)) {
      tree.async().uploadLater(file);
      return;
    }
    tree.retain(file);
    boolean taken =
        tree.background()
            .submit(
                "upload",
                Duration.ZERO,
                () -> flushOrGiveUp(file),
                () -> {
                  giveUp(file);
                  tree.release(file);
                });
    if (!taken) {
      try {
        flushOrGiveUp(file);
      } catch (RuntimeException e) {
        LOG.error("Upload of {} failed", file.key(), e);
        giveUp(file);
        tree.release(file);
      }
    }
  }

  private void flushOrGiveUp(FileInode file) {
    try {
      flush(file);
    } catch (StoreException.VersionChanged e) {
      LOG.error("{}: {}", file.key(), e.getMessage());
      giveUp(file);
    }
    file.closeUnused();
    tree.release(file);
  }

  /** Keeps aside what cannot be uploaded; the name shows what OSS has again. */
  void giveUp(FileInode file) {
    synchronized (file) {
      if (file.staged != null && file.dirty) {
        file.staged.keepAside();
        counter().setAside();
        file.staged = null;
      }
      file.dirty = false;
      file.lost = true;
      file.closeUnused();
    }
    tree.detach(file);
    tree.metadata().forget(file.key());
  }

  /** Uploads what is dirty, within a deadline; what cannot be uploaded is kept aside. */
  @Override
  public void close() {
    tree.background().close();
    tree.async().close(LastUploads.HAND_OVER_PATIENCE);
    last.uploadAll();
    // What was promised stays where the next process finds it.
    tree.claimedFiles().stream()
        .filter(file -> !tree.async().isPending(file))
        .forEach(this::giveUp);
    uploader.close();
  }

  /**
   * Another process goes on: attributes are saved, within a deadline, and what was written stays
   * where that process finds it.
   */
  void handOver() {
    tree.background().close(LastUploads.HAND_OVER_PATIENCE);
    tree.async().close(LastUploads.HAND_OVER_PATIENCE);
    last.saveAll();
  }
}
