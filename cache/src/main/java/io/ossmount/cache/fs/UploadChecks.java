package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import io.ossmount.cache.write.WriteIntent;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at before a file goes up: whether OSS has it already, because the process before
 * or a lost answer has seen to that, and whether it may go over what OSS has. Thread-safe; methods
 * wait.
 */
final class UploadChecks {
  /** A version that OSS was asked for so recently is not asked for again. */
  private static final long VERIFIED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MountTree tree;
  private final Uploader uploader;

  UploadChecks(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
  }

  /** OSS may have made it though nobody said so: it is not to be taken for somebody else's. */
  static void askNextTime(FileInode file, RuntimeException failure) {
    boolean isRefused = failure instanceof StoreException refusal && refusal.isRefusal();
    synchronized (file) {
      boolean isAsked = file.staged == null || file.staged.isCompleting();
      file.unsettled |= file.staged != null && isAsked;
      file.mayBeMade |= isAsked && !isRefused;
    }
  }

  /** What the process before had OSS make of the file as it is. */
  record Settled(UploadJob job, ObjectInfo made) {}

  /** Ends what the process before had under way, and looks whether OSS has the file already. */
  Optional<Settled> settled(FileInode file, UploadJob job) {
    StagedFile staged = job.staged();
    if (staged == null || !isUnsettled(file)) {
      return Optional.empty();
    }
    Optional<ObjectVersion> made = uploader.settle(staged);
    synchronized (file) {
      file.unsettled = false;
    }
    return made.filter(version -> version.key().equals(file.key()))
        .map(version -> settled(file, job, version));
  }

  private static boolean isUnsettled(FileInode file) {
    synchronized (file) {
      return file.unsettled;
    }
  }

  /** The bytes are there; attributes that were set later are saved later. */
  private Settled settled(FileInode file, UploadJob job, ObjectVersion made) {
    ObjectInfo found = found(file.key(), made);
    Posix told = found.user().map(Posix::of).orElse(job.posix());
    synchronized (file) {
      boolean isSet = file.posix.modified().isPresent();
      Posix wanted = isSet ? file.posix : file.posix.withModified(told.modified());
      file.attributesPending |= !wanted.equals(told);
      return new Settled(job.with(told), found);
    }
  }

  /** What OSS tells of a version that it has made. */
  ObjectInfo found(String key, ObjectVersion made) {
    return tree.remote()
        .head(key)
        .filter(now -> now.version().equals(made))
        .orElseGet(() -> new ObjectInfo(made, tree.now(), Optional.empty(), Optional.empty()));
  }

  /** Looks whether OSS still has the version that was written on top of. */
  UploadJob checked(FileInode file, UploadJob job) {
    StagedFile staged = job.staged();
    if (mayOverwrite(file, staged)) {
      return job;
    }
    Optional<ObjectInfo> now = tree.remote().head(file.key());
    if (now.map(ObjectInfo::version).equals(Optional.ofNullable(job.version()))) {
      return job;
    }
    if (job.isEmpty() && now.filter(found -> found.size() == 0).isPresent()) {
      // Whoever made it loses nothing.
      return onOwn(file, job, now.get());
    }
    if (staged == null) {
      throw replaced(file);
    }
    return onAnother(file, job, staged, now);
  }

  private StoreException replaced(FileInode file) {
    tree.metadata().forget(file.key());
    return new StoreException.VersionChanged(file.key() + " was replaced while it was written to");
  }

  private UploadJob onAnother(
      FileInode file, UploadJob job, StagedFile staged, Optional<ObjectInfo> now) {
    ObjectVersion version = job.version();
    boolean appended =
        file.appendsOnly && version != null && staged.isAppendTo(version.size()) && now.isPresent();
    if (now.filter(found -> isOwn(staged, found)).isPresent()) {
      boolean isBeginning = appended && !file.truncated && now.filter(staged::wasOnce).isPresent();
      return isBeginning
          ? rebase(file, job, now.get(), now.get().size())
          : onOwn(file, job, now.get());
    }
    if (!appended) {
      throw replaced(file);
    }
    return rebase(file, job, now.get(), Objects.requireNonNull(version).size());
  }

  private boolean isOwn(StagedFile staged, ObjectInfo found) {
    return staged.wasOnce(found) || tree.leftovers().isOne(found);
  }

  /**
   * OSS has the file as it was once, or one that is gone. Where nothing was written, it has the
   * bytes of the version before, which is gone.
   */
  private UploadJob onOwn(FileInode file, UploadJob job, ObjectInfo own) {
    file.replaceVersion(tree.blocks(), own, tree.metadata().now());
    synchronized (file) {
      return new UploadJob(job.staged(), job.stream(), file.source, file.version, job.posix());
    }
  }

  /**
   * What was promised, or left by an earlier process, may have waited for long: it goes over no
   * version that it does not know. What stands on a version that an upload without an answer may
   * have replaced is not to stand on that any more.
   */
  private boolean mayOverwrite(FileInode file, @Nullable StagedFile staged) {
    synchronized (file) {
      boolean isRecent = tree.metadata().now() - file.verifiedAt < VERIFIED_NANOS;
      boolean isVerified = isRecent && (staged == null || !staged.isInDoubt());
      boolean isCareful = file.promised || file.leftBehind;
      return (file.version == null || file.truncated) ? !isCareful : isVerified;
    }
  }

  /** Puts what was appended, from an offset on, behind the version that OSS has now. */
  private UploadJob rebase(FileInode file, UploadJob job, ObjectInfo now, long from) {
    StagedFile old = Objects.requireNonNull(job.staged());
    var intent = new WriteIntent(true, false, Optional.of(now.version()), job.metadata());
    StagedFile rebased = Rebase.of(tree, old, from, now.version(), intent);
    synchronized (file) {
      // Its parts are those of the old file.
      tree.writes().abandonStream(file);
      file.closeSource();
      file.version = now.version();
      file.staged = rebased;
      file.openSource(tree.blocks());
      file.generation++;
      file.changed();
      old.discard();
      return new UploadJob(rebased, null, file.source, now.version(), job.posix());
    }
  }

  /**
   * Only then OSS is told to replace nothing: that costs it more, and it takes fewer such requests
   * in a second.
   */
  static boolean isLeftAsNew(FileInode file) {
    synchronized (file) {
      return file.leftBehind && file.version == null;
    }
  }
}
