package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagedFile;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes up: a file as it is when that begins.
 *
 * @param staged what was written; null: the file is empty
 * @param stream what went ahead of its writer
 * @param base what shows where nothing was written
 * @param version that OSS had when its writers began
 */
record UploadJob(
    @Nullable StagedFile staged,
    @Nullable PartStream stream,
    @Nullable SharedSource base,
    @Nullable ObjectVersion version,
    Posix posix) {
  /** Of a file that is busy from now on. */
  static UploadJob of(FileInode file) {
    synchronized (file) {
      file.attributesPending = false;
      // An upload that went ahead has told OSS its metadata before the last write.
      Optional<Instant> modified =
          file.stream != null && file.posix.modified().isEmpty()
              ? Optional.empty()
              : Optional.of(file.modified);
      return new UploadJob(
          file.staged, file.stream, file.source, file.version, file.posix.withModified(modified));
    }
  }

  /** What the object says of the file beside its bytes. */
  ObjectMetadata metadata() {
    return new ObjectMetadata(Optional.empty(), posix.toUser());
  }

  /** Whether there will be no bytes. */
  boolean isEmpty() {
    return staged == null || staged.size() == 0;
  }

  /** Where the bytes are that were not written. */
  Optional<? extends CachedObject> baseObject() {
    return Optional.ofNullable(base).map(SharedSource::object);
  }

  /** The same with another owner, mode or time. */
  UploadJob with(Posix other) {
    return new UploadJob(staged, stream, base, version, other);
  }
}
