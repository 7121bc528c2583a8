package io.ossmount.cache.write;

import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.OpenUpload;
import io.ossmount.cache.store.ObjectStore.Part;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.JournalRecord.Beginning;
import io.ossmount.cache.write.JournalRecord.Completing;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the journals what is done with OSS, and finds out what became of that when a process was
 * killed. A record that cannot be written does not keep an upload from being made, which is what
 * gives a full disk room: without it a kill leaves an upload behind, or bytes that are set aside
 * though OSS has them. Thread-safe; methods wait for OSS.
 */
final class Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private static final int COPY_BYTES = 1 << 20;

  /** So much the clocks of this machine and of OSS may differ, and a request may take. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private final ObjectStore store;

  Settlement(ObjectStore store) {
    this.store = store;
  }

  /** Begins a multipart upload, of which the next process knows before OSS does. */
  String begin(StagingJournal journal, String key, ObjectMetadata metadata) {
    note(journal, new JournalRecord.Beginning(key, System.currentTimeMillis()));
    try {
      String upload = store.startUpload(key, metadata);
      note(journal, new JournalRecord.Upload(upload, key));
      return upload;
    } catch (StoreException.Denied | StoreException.Invalid | StoreException.BucketNotFound e) {
      note(journal, new JournalRecord.NotBegun(key));
      throw e;
    }
  }

  /** OSS is about to make the object by one PUT of a file that is whole. */
  void completing(StagedFile file, String key) {
    // The sum is taken before: if no answer comes, the file may have changed when it is asked for.
    note(file.journal(), new Completing(key, Optional.empty(), file.size(), crc64(file)));
    force(file.journal());
  }

  /** OSS is about to make the object of these parts. */
  void completing(StagingJournal journal, String key, String upload, List<Part> parts) {
    long size = parts.stream().mapToLong(Part::size).sum();
    note(journal, new Completing(key, Optional.of(upload), size, Part.crc64(parts)));
    force(journal);
  }

  /**
   * A promised file is there again after a loss of power, also when OSS has made it meanwhile: what
   * is in OSS must not be taken for somebody else's then.
   */
  private static void force(StagingJournal journal) {
    if (!journal.isPromised()) {
      return;
    }
    try {
      journal.force();
    } catch (UncheckedIOException e) {
      LOG.warn("The journal of {} is not on the disk: {}", journal.name(), e.getMessage());
    }
  }

  /** OSS has made it. */
  void done(StagingJournal journal, ObjectVersion version) {
    note(journal, new JournalRecord.Done(version));
  }

  private static void note(StagingJournal journal, JournalRecord record) {
    try {
      journal.append(record);
    } catch (UncheckedIOException e) {
      LOG.warn("The journal of {} is not whole: {}", journal.name(), e.getMessage());
    }
  }

  /** Ends a multipart upload, whether it is still there or not. */
  void end(StagingJournal journal, String key, String upload) {
    store.abortUpload(key, upload);
    note(journal, new JournalRecord.UploadEnded(upload));
  }

  /** Ends all multipart uploads whose ids the journal tells. */
  void endKnown(StagingJournal journal) {
    journal.uploads().forEach((upload, key) -> end(journal, key, upload));
  }

  /**
   * Ends these, and those that were begun when the process was killed before it heard of their ids:
   * those of the key that are of that time. One that another node began then cannot be told from
   * them; its writer sends its parts once more.
   *
   * @return false: this process has uploads of the key now, and no unknown one was ended
   */
  boolean endAll(StagingArea area, StagingJournal journal) {
    endKnown(journal);
    boolean isDone = true;
    for (Beginning beginning : journal.beginnings()) {
      String key = beginning.key();
      List<OpenUpload> open = store.uploads(key);
      // Asked after the listing: what this process begins from now on is not in it.
      if (area.isUploading(key, journal)) {
        isDone = false;
        continue;
      }
      Instant began = Instant.ofEpochMilli(beginning.epochMillis());
      open.stream()
          .filter(upload -> Duration.between(began, upload.begun()).abs().compareTo(CLOCKS) < 0)
          .forEach(upload -> store.abortUpload(key, upload.id()));
      note(journal, new JournalRecord.NotBegun(key));
    }
    return isDone;
  }

  /**
   * What OSS has made of a file of an earlier process. Uploads are ended first: one that was being
   * completed is completed after that, or never.
   */
  Optional<ObjectVersion> of(StagedFile file) {
    StagingJournal journal = file.journal();
    boolean _ = endAll(file.area(), journal);
    // What OSS has made under an older name is not what the file is to become.
    Optional<Completing> asked =
        journal.completing().filter(completing -> completing.key().equals(file.key()));
    if (asked.isPresent()) {
      store
          .head(asked.get().key())
          .filter(found -> isThat(found, asked.get(), file))
          .ifPresent(found -> done(journal, found.version()));
    }
    return journal.made();
  }

  private static boolean isThat(ObjectInfo found, Completing asked, StagedFile file) {
    if (found.size() != asked.size()) {
      return false;
    }
    // After a power cut the bytes here may be older than those that OSS was sent.
    Optional<Long> meant =
        asked.crc64().or(() -> file.size() == asked.size() ? crc64(file) : Optional.empty());
    return meant.isPresent() && meant.equals(found.crc64());
  }

  /** CRC64 of all bytes, if they are here. */
  private static Optional<Long> crc64(StagedFile file) {
    if (!file.isWhole()) {
      return Optional.empty();
    }
    Crc64 crc = new Crc64();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, file.size()));
    for (long at = 0; at < file.size(); at += COPY_BYTES) {
      buffer.clear().limit((int) Math.min(COPY_BYTES, file.size() - at));
      int _ = file.read(at, MemorySegment.ofBuffer(buffer), Optional.empty());
      crc.update(buffer);
    }
    return Optional.of(crc.value());
  }
}
