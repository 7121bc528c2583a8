package io.ossmount.cache.fs;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was written, and attributes that were set, to OSS. Thread-safe; methods wait.
 *
 * <p>A writer that did not truncate writes on top of the version that it opened. When OSS has
 * another one by then, nothing is overwritten: what was only appended is appended to the new
 * version, anything else fails with {@link StoreException.VersionChanged} and is kept aside when
 * the last descriptor is closed.
 */
final class Uploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final Duration MERGE_ATTRIBUTES = Duration.ofMillis(200);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(60);

  /** A version that OSS was asked for so recently is not asked for again. */
  private static final long VERIFIED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int COPY_BYTES = 1 << 20;

  private final MountTree tree;
  private final Uploader uploader;
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder setAside = new LongAdder();

  Uploads(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
  }

  UploadCounts counts() {
    return new UploadCounts(sent.sum(), failed.sum(), setAside.sum());
  }

  /** What goes up. */
  private record Job(
      @Nullable StagedFile staged,
      @Nullable PartStream stream,
      @Nullable SharedSource base,
      @Nullable ObjectVersion version,
      Posix posix) {}

  /** Returns when OSS has the file as it is now; at once when it has. */
  void flush(FileInode file) {
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
    Optional<Job> job = begin(file);
    if (job.isEmpty()) {
      saveAttributesLocked(file);
      return;
    }
    try {
      Job checked = checked(file, job.get());
      ObjectInfo made = send(file.key(), checked);
      done(file, checked, made);
      sent.increment();
    } catch (RuntimeException e) {
      failed.increment();
      idle(file);
      throw e;
    }
  }

  /** What was written had to be kept aside: nobody may be told that it is safe. */
  private static void requireNotLost(FileInode file) {
    synchronized (file) {
      if (file.lost) {
        throw new StoreException.VersionChanged(file.key() + " could not be uploaded");
      }
    }
  }

  private static Optional<Job> begin(FileInode file) {
    synchronized (file) {
      file.awaitIdle();
      if (!file.dirty) {
        return Optional.empty();
      }
      file.busy = true;
      file.attributesPending = false;
      // An upload that went ahead has told OSS its metadata before the last write.
      Optional<java.time.Instant> modified =
          file.stream != null && file.posix.modified().isEmpty()
              ? Optional.empty()
              : Optional.of(file.modified);
      return Optional.of(
          new Job(
              file.staged,
              file.stream,
              file.source,
              file.version,
              file.posix.withModified(modified)));
    }
  }

  private static void idle(FileInode file) {
    synchronized (file) {
      file.busy = false;
      file.notifyAll();
    }
  }

  /** Looks whether OSS still has the version that was written on top of. */
  private Job checked(FileInode file, Job job) {
    if (job.staged == null || job.version == null || mayOverwrite(file)) {
      return job;
    }
    Optional<ObjectInfo> now = tree.remote().head(file.key());
    if (now.isPresent() && now.get().version().equals(job.version)) {
      return job;
    }
    boolean appended =
        file.appendsOnly && job.staged.isAppendTo(job.version.size()) && now.isPresent();
    if (!appended) {
      tree.metadata().forget(file.key());
      throw new StoreException.VersionChanged(file.key() + " was replaced while it was written to");
    }
    return rebase(file, job, now.get());
  }

  private boolean mayOverwrite(FileInode file) {
    synchronized (file) {
      return file.truncated || tree.metadata().now() - file.verifiedAt < VERIFIED_NANOS;
    }
  }

  /** Puts what was appended behind the version that OSS has now. */
  private Job rebase(FileInode file, Job job, ObjectInfo now) {
    StagedFile old = Objects.requireNonNull(job.staged);
    long from = Objects.requireNonNull(job.version).size();
    StagedFile rebased = tree.staging().create(file.key(), Optional.of(now.version()));
    MemorySegment buffer = MemorySegment.ofArray(new byte[COPY_BYTES]);
    for (long at = from; at < old.size(); at += COPY_BYTES) {
      MemorySegment piece = buffer.asSlice(0, Math.min(COPY_BYTES, old.size() - at));
      old.read(at, piece, Optional.empty());
      rebased.write(now.size() + at - from, piece);
    }
    synchronized (file) {
      file.closeSource();
      file.version = now.version();
      file.staged = rebased;
      file.openSource(tree.blocks());
      file.generation++;
      old.discard();
      return new Job(rebased, null, file.source, now.version(), job.posix);
    }
  }

  private ObjectInfo send(String key, Job job) {
    var metadata = new ObjectMetadata(Optional.empty(), job.posix.toUser());
    if (job.staged == null) {
      return tree.store().put(key, new Content.OfBuffer(ByteBuffer.allocate(0)), metadata);
    }
    StagedFile staged = job.staged;
    return Optional.ofNullable(job.stream)
        .flatMap(stream -> uploader.upload(key, staged, stream, metadata))
        .orElseGet(() ->
            uploader.upload(
                key, staged, Optional.ofNullable(job.base).map(SharedSource::object), metadata));
  }

  /** OSS has it: what was written becomes the cached version. */
  private void done(FileInode file, Job job, ObjectInfo made) {
    tree.metadata().remember(made, job.posix);
    tree.metadata().written(made);
    boolean whole = job.staged != null && made.size() > 0 && job.staged.isWhole();
    if (whole) {
      // Nothing is written to it: the file is busy. Readers go on with its descriptor.
      tree.blocks().adopt(made.version(), Objects.requireNonNull(job.staged).path());
    }
    synchronized (file) {
      file.closeSource();
      file.staged = null;
      file.stream = null;
      file.version = made.version();
      file.verifiedAt = tree.metadata().now();
      file.dirty = false;
      file.appendsOnly = true;
      file.truncated = false;
      if (file.posix.modified().isEmpty()) {
        file.posix = file.posix.withModified(job.posix.modified());
      }
      file.busy = false;
      if (file.opens > 0) {
        file.openSource(tree.blocks());
      }
      file.changed();
      file.notifyAll();
    }
    if (whole) {
      Objects.requireNonNull(job.staged).handOver();
    } else if (job.staged != null) {
      job.staged.discard();
    }
    if (job.version != null && !job.version.equals(made.version())) {
      tree.dropBytes(job.version);
    }
  }

  /** The last descriptor of a dirty file is gone: uploads it without anybody waiting. */
  void flushLater(FileInode file) {
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
  private void giveUp(FileInode file) {
    tree.detach(file);
    tree.metadata().forget(file.key());
    synchronized (file) {
      if (file.staged != null && file.dirty) {
        file.staged.keepAside();
        setAside.increment();
        file.staged = null;
      }
      file.dirty = false;
      file.lost = true;
      file.closeUnused();
    }
  }

  /** Attributes were set: they are saved together with those that follow at once. */
  void saveLater(Inode inode) {
    boolean first =
        switch (inode) {
          case DirectoryInode directory -> directory.startPending();
          case FileInode file -> startPending(file);
        };
    if (!first) {
      return;
    }
    tree.retain(inode);
    Runnable end = () -> tree.release(inode);
    boolean taken =
        tree.background()
            .submit(
                "attributes",
                MERGE_ATTRIBUTES,
                () -> {
                  save(inode);
                  end.run();
                },
                end);
    if (!taken) {
      save(inode);
      end.run();
    }
  }

  private static boolean startPending(FileInode file) {
    synchronized (file) {
      boolean first = !file.attributesPending;
      file.attributesPending = true;
      return first;
    }
  }

  private void save(Inode inode) {
    var _ =
        tree.locks()
            .with(
                inode::key,
                key -> {
                  saveLocked(inode);
                  return key;
                });
  }

  /** Saves attributes that were set, if there are any, by who has locked the path. */
  void saveLocked(Inode inode) {
    switch (inode) {
      case FileInode file -> saveAttributesLocked(file);
      case DirectoryInode directory -> saveDirectoryLocked(directory);
    }
  }

  private void saveDirectoryLocked(DirectoryInode directory) {
    if (!directory.isDetached() && directory.takePending()) {
      try {
        tree.changes().putMarker(directory.key(), directory.posix());
        directory.setMarked(true);
      } catch (StoreException e) {
        directory.startPending();
        throw e;
      }
    }
  }

  private void saveAttributesLocked(FileInode file) {
    ObjectVersion version;
    Posix posix;
    synchronized (file) {
      version = file.version;
      posix = file.posix;
      if (!file.attributesPending || file.dirty || version == null || file.isDetached()) {
        return;
      }
    }
    ObjectInfo made = copyOntoItself(file, version, posix);
    tree.metadata().remember(made, posix);
    tree.metadata().written(made);
    synchronized (file) {
      file.attributesPending = !file.posix.equals(posix);
      if (!made.version().equals(version)) {
        file.replaceVersion(tree.blocks(), made, tree.metadata().now());
      }
      file.verifiedAt = tree.metadata().now();
    }
  }

  private ObjectInfo copyOntoItself(FileInode file, ObjectVersion version, Posix posix) {
    if (file.type() == io.ossmount.fuse.Attributes.SYMLINK) {
      String target = Symlinks.target(tree.store(), version);
      return Symlinks.put(tree.store(), file.key(), target, posix);
    }
    var metadata = new ObjectMetadata(Optional.empty(), posix.toUser());
    return tree.store().copy(version, file.key(), Optional.of(metadata));
  }

  @Override
  public void close() {
    tree.background().close();
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<?>> last = new ArrayList<>();
    for (FileInode file : tree.localFiles()) {
      last.add(threads.submit(() -> flush(file)));
    }
    for (Inode inode : tree.at("")) {
      last.add(threads.submit(() -> save(inode)));
    }
    long end = System.nanoTime() + CLOSE_DEADLINE.toNanos();
    for (Future<?> upload : last) {
      await(upload, end);
    }
    threads.shutdownNow();
    tree.localFiles().forEach(this::giveUp);
    uploader.close();
  }

  private static void await(Future<?> upload, long end) {
    try {
      upload.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      LOG.error("The last upload of a file failed", e.getCause());
    } catch (TimeoutException e) {
      LOG.error("The last upload of a file took too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
