package io.ossmount.cache.fs;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.RunningUploads;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import io.ossmount.cache.write.WriteIntent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(60);

  /** The next process begins what is broken off again. */
  private static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(5);

  /** A version that OSS was asked for so recently is not asked for again. */
  private static final long VERIFIED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MountTree tree;
  private final Uploader uploader;
  private final AttributeSaves attributes;

  Uploads(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
    this.attributes = new AttributeSaves(tree);
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
      attributes.saveLocked(file);
    } else {
      upload(file, job.get());
    }
  }

  /**
   * Goes on with an upload of the process before, by who has made the file busy and locked its
   * path.
   */
  void goOn(FileInode file) {
    upload(file, job(file));
  }

  private void upload(FileInode file, Job job) {
    try {
      Optional<Settled> settled = settled(file, job);
      if (settled.isPresent()) {
        done(file, settled.get().job, settled.get().made);
        attributes.saveLocked(file);
      } else {
        Job checked = checked(file, job);
        done(file, checked, send(file.key(), checked));
      }
      counter().done();
    } catch (RuntimeException e) {
      counter().failed();
      askNextTime(file);
      idle(file);
      throw e;
    }
  }

  /** OSS may have made it though nobody said so: it is not to be taken for somebody else's. */
  private static void askNextTime(FileInode file) {
    synchronized (file) {
      file.unsettled |= file.promised && file.staged != null && file.staged.isCompleting();
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

  private static Optional<Job> begin(FileInode file) {
    synchronized (file) {
      file.awaitIdle();
      if (!file.dirty) {
        return Optional.empty();
      }
      file.busy = true;
      return Optional.of(job(file));
    }
  }

  private static Job job(FileInode file) {
    synchronized (file) {
      file.attributesPending = false;
      // An upload that went ahead has told OSS its metadata before the last write.
      Optional<java.time.Instant> modified =
          file.stream != null && file.posix.modified().isEmpty()
              ? Optional.empty()
              : Optional.of(file.modified);
      return new Job(
          file.staged, file.stream, file.source, file.version, file.posix.withModified(modified));
    }
  }

  private static void idle(FileInode file) {
    synchronized (file) {
      file.busy = false;
      file.notifyAll();
    }
  }

  /** What the process before had OSS make of the file as it is. */
  private record Settled(Job job, ObjectInfo made) {}

  /** Ends what the process before had under way, and looks whether OSS has the file already. */
  private Optional<Settled> settled(FileInode file, Job job) {
    if (job.staged == null || !isUnsettled(file)) {
      return Optional.empty();
    }
    Optional<ObjectVersion> made = uploader.settle(job.staged);
    synchronized (file) {
      file.unsettled = false;
    }
    return made.map(version -> settled(file, job, version));
  }

  private static boolean isUnsettled(FileInode file) {
    synchronized (file) {
      return file.unsettled;
    }
  }

  /** The bytes are there; attributes that were set later are saved later. */
  private Settled settled(FileInode file, Job job, ObjectVersion made) {
    ObjectInfo found =
        tree.remote()
            .head(file.key())
            .filter(now -> now.version().equals(made))
            .orElseGet(() -> new ObjectInfo(made, tree.now(), Optional.empty(), Optional.empty()));
    Posix told = found.user().map(Posix::of).orElse(job.posix);
    synchronized (file) {
      boolean isSet = file.posix.modified().isPresent();
      Posix wanted = isSet ? file.posix : file.posix.withModified(told.modified());
      file.attributesPending |= !wanted.equals(told);
      return new Settled(new Job(job.staged, job.stream, job.base, job.version, told), found);
    }
  }

  /** Looks whether OSS still has the version that was written on top of. */
  private Job checked(FileInode file, Job job) {
    if (job.staged == null || mayOverwrite(file)) {
      return job;
    }
    Optional<ObjectInfo> now = tree.remote().head(file.key());
    if (now.map(ObjectInfo::version).equals(Optional.ofNullable(job.version))) {
      return job;
    }
    boolean appended =
        file.appendsOnly
            && job.version != null
            && job.staged.isAppendTo(job.version.size())
            && now.isPresent();
    if (!appended) {
      tree.metadata().forget(file.key());
      throw new StoreException.VersionChanged(file.key() + " was replaced while it was written to");
    }
    return rebase(file, job, now.get());
  }

  /** What was promised may have waited for long: it goes over no version that it does not know. */
  private boolean mayOverwrite(FileInode file) {
    synchronized (file) {
      boolean isVerified = tree.metadata().now() - file.verifiedAt < VERIFIED_NANOS;
      return (file.version == null || file.truncated) ? !file.promised : isVerified;
    }
  }

  /** Puts what was appended behind the version that OSS has now. */
  private Job rebase(FileInode file, Job job, ObjectInfo now) {
    StagedFile old = Objects.requireNonNull(job.staged);
    long from = Objects.requireNonNull(job.version).size();
    var metadata = new ObjectMetadata(Optional.empty(), job.posix.toUser());
    var intent = new WriteIntent(true, false, Optional.of(now.version()), metadata);
    StagedFile rebased = Rebase.of(tree, old, from, now.version(), intent);
    synchronized (file) {
      file.closeSource();
      file.version = now.version();
      file.staged = rebased;
      file.openSource(tree.blocks());
      file.generation++;
      file.changed();
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
    boolean whole =
        job.staged != null && made.size() > 0 && job.staged.isWhole() && !isUncached(file);
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
      file.promised = false;
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

  @Override
  public void close() {
    tree.background().close();
    tree.async().close(HAND_OVER_PATIENCE);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<?>> last = new ArrayList<>();
    for (FileInode file : tree.claimedFiles()) {
      last.add(threads.submit(() -> flush(file)));
    }
    last.addAll(saveAll(threads));
    await(last);
    threads.shutdownNow();
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
    tree.background().close(HAND_OVER_PATIENCE);
    tree.async().close(HAND_OVER_PATIENCE);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    await(saveAll(threads));
    threads.shutdownNow();
  }

  private List<Future<?>> saveAll(ExecutorService threads) {
    List<Future<?>> all = new ArrayList<>();
    for (Inode inode : tree.at("")) {
      all.add(threads.submit(() -> attributes.save(inode)));
    }
    return all;
  }

  private static void await(List<Future<?>> works) {
    long end = System.nanoTime() + CLOSE_DEADLINE.toNanos();
    for (Future<?> work : works) {
      await(work, end);
    }
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
