package io.ossmount.cache.write;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Overwrite;
import io.ossmount.cache.store.ObjectStore.Part;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.UploadPlan.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes objects of staged files: one PUT for a small one, a multipart upload for a large one, whose
 * unchanged pieces OSS copies. Thread-safe; parts of all files together are bounded.
 */
public final class Uploader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);
  private static final int PARALLEL_PARTS = 16;

  private final ObjectStore store;
  private volatile long partBytes;
  private final Settlement settlement;
  private final RunningUploads running = new RunningUploads();
  private final Semaphore permits = new Semaphore(PARALLEL_PARTS);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("upload-", 0).factory());

  /**
   * Uploads to {@code store}.
   *
   * @param partBytes size of parts, 100 KiB or more; files of less than two are sent by one PUT
   */
  public Uploader(ObjectStore store, long partBytes) {
    this.store = store;
    this.partBytes = partBytes;
    this.settlement = new Settlement(store);
  }

  /** What goes up at the moment. */
  public RunningUploads running() {
    return running;
  }

  ObjectStore store() {
    return store;
  }

  long partBytes() {
    return partBytes;
  }

  /** Uploads that begin from now on have parts of another size, of 100 KiB or more. */
  public void partBytes(long bytes) {
    partBytes = bytes;
  }

  Settlement settlement() {
    return settlement;
  }

  Semaphore permits() {
    return permits;
  }

  ExecutorService threads() {
    return threads;
  }

  /**
   * Sends what a sequential writer has finished of a new file, once that is two parts. Never waits.
   *
   * @param stream what this returned for the file before
   */
  public Optional<PartStream> stream(
      Optional<PartStream> stream, StagedFile file, String key, ObjectMetadata metadata) {
    long bytes = file.sequentialBytes();
    if (stream.isEmpty() && bytes < 2 * partBytes) {
      return stream;
    }
    PartStream parts = stream.orElseGet(() -> new PartStream(this, file, key, metadata));
    parts.advance(bytes);
    return Optional.of(parts);
  }

  /**
   * Makes the object. The file must not change meanwhile.
   *
   * @param base what the file shows where nothing was written
   */
  public ObjectInfo upload(
      String key, StagedFile file, Optional<? extends CachedObject> base, ObjectMetadata metadata) {
    try (RunningUploads.Running shown = running.begin(key, file.size())) {
      return upload(new Wanted(key, metadata, Overwrite.ALLOWED), file, base, shown);
    }
  }

  /**
   * Makes an object that is not to be there yet. The file must not change meanwhile.
   *
   * @throws StoreException.VersionChanged it is there: perhaps as what OSS has made of this very
   *     file, which {@link #settle} tells
   */
  public ObjectInfo uploadNew(
      String key, StagedFile file, Optional<? extends CachedObject> base, ObjectMetadata metadata) {
    try (RunningUploads.Running shown = running.begin(key, file.size())) {
      return upload(new Wanted(key, metadata, Overwrite.FORBIDDEN), file, base, shown);
    }
  }

  /** The object that is to be made. */
  private record Wanted(String key, ObjectMetadata metadata, Overwrite overwrite) {}

  private ObjectInfo upload(
      Wanted wanted,
      StagedFile file,
      Optional<? extends CachedObject> base,
      RunningUploads.Running shown) {
    String key = wanted.key;
    endLeft(file.journal());
    long wished = partBytes;
    if (file.size() < 2 * wished) {
      file.fill(0, file.size(), base);
      settlement.completing(file, key);
      var content = new Content.OfFile(file.channel(), 0, file.size());
      return done(file, store.put(key, content, wanted.metadata, wanted.overwrite));
    }
    List<Piece> plan = UploadPlan.of(file.size(), wished, file::isBase);
    String upload = settlement.begin(file.journal(), key, wanted.metadata);
    try {
      List<CompletableFuture<Part>> parts = new ArrayList<>();
      for (Piece piece : plan) {
        parts.add(start(() -> part(new Target(key, upload), piece, file, base, shown)));
      }
      return done(file, complete(file, wanted, upload, joinAll(parts)));
    } catch (RuntimeException e) {
      giveUp(file, key, upload);
      throw e;
    }
  }

  private ObjectInfo complete(StagedFile file, Wanted wanted, String upload, List<Part> parts) {
    settlement.completing(file.journal(), wanted.key, upload, parts);
    return store.completeUpload(wanted.key, upload, parts, wanted.overwrite);
  }

  private ObjectInfo done(StagedFile file, ObjectInfo made) {
    settlement.done(file.journal(), made.version());
    return made;
  }

  /** Ends uploads of the file that nobody completes any more. */
  private void endLeft(StagingJournal journal) {
    try {
      settlement.endKnown(journal);
    } catch (StoreException e) {
      LOG.warn("An upload could not be ended: {}", e.getMessage());
    }
  }

  /**
   * Ends what an earlier process had under way of a file that was resumed, and looks whether OSS
   * has made the object though that process did not hear of it. Its bytes are those of the file;
   * its metadata may be older. The file must not change meanwhile; it may be asked again.
   *
   * @return the version that OSS has made of the file as it is: it is not to be uploaded again
   */
  public Optional<ObjectVersion> settle(StagedFile file) {
    return settlement.of(file);
  }

  /**
   * Ends the multipart uploads of files that were set aside. Those that cannot be ended now are
   * known to the next process as well.
   *
   * @throws StoreException one could not be ended; the others are
   */
  public void endLeftUploads(StagingArea area) {
    Optional<StoreException> failure = Optional.empty();
    for (StagingJournal journal : area.leftUploads()) {
      try {
        if (settlement.endAll(area, journal)) {
          area.uploadsEnded(journal);
        }
      } catch (StoreException e) {
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /**
   * Makes the object of a file whose first parts went up while it was written.
   *
   * @return empty: a part had failed, or they do not fit the file; the stream has ended
   */
  public Optional<ObjectInfo> upload(
      String key, StagedFile file, PartStream stream, ObjectMetadata metadata) {
    try (RunningUploads.Running shown = running.begin(key, file.size())) {
      long bytes = stream.partBytes();
      boolean tooLarge = UploadPlan.partBytes(file.size(), bytes) > bytes;
      if (tooLarge || file.size() < 2 * bytes) {
        stream.abort();
        return Optional.empty();
      }
      Target target = new Target(key, stream.upload());
      List<CompletableFuture<Part>> parts = new ArrayList<>();
      for (Piece piece : UploadPlan.of(file.size(), bytes, (start, end) -> false)) {
        Optional<Part> sent = stream.part(piece.number());
        Optional<Part> fitting = sent.filter(part -> part.size() == piece.length());
        fitting.ifPresent(part -> shown.sent(part.size()));
        parts.add(
            fitting
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> start(() -> part(target, piece, file, Optional.empty(), shown))));
      }
      Wanted wanted = new Wanted(key, metadata, Overwrite.ALLOWED);
      ObjectInfo made = complete(file, wanted, target.upload, joinAll(parts));
      boolean told = stream.metadata().equals(metadata);
      return Optional.of(
          done(file, told ? made : store.copy(made.version(), key, Optional.of(metadata))));
    } catch (StoreException e) {
      LOG.info("{} is uploaded anew: {}", key, e.getMessage());
      abort(stream);
      return Optional.empty();
    }
  }

  private void abort(PartStream stream) {
    try {
      stream.abort();
    } catch (StoreException e) {
      LOG.warn("An upload could not be ended: {}", e.getMessage());
    }
  }

  private Part part(
      Target target,
      Piece piece,
      StagedFile file,
      Optional<? extends CachedObject> base,
      RunningUploads.Running shown) {
    Part made = part(target, piece, file, base);
    shown.sent(piece.length());
    return made;
  }

  private Part part(
      Target target, Piece piece, StagedFile file, Optional<? extends CachedObject> base) {
    if (piece.copied()) {
      return store.copyPart(
          target.key,
          target.upload,
          piece.number(),
          base.orElseThrow().version(),
          piece.offset(),
          piece.length());
    }
    file.fill(piece.offset(), piece.offset() + piece.length(), base);
    var content = new Content.OfFile(file.channel(), piece.offset(), piece.length());
    return store.uploadPart(target.key, target.upload, piece.number(), content);
  }

  private record Target(String key, String upload) {}

  /** Starts one of the parts that go up at once; waits until it may. */
  private CompletableFuture<Part> start(java.util.function.Supplier<Part> work) {
    permits.acquireUninterruptibly();
    return CompletableFuture.supplyAsync(work, threads)
        .whenComplete((part, failure) -> permits.release());
  }

  /** Waits for all, also when one fails: the file may not be changed before. */
  private static List<Part> joinAll(List<CompletableFuture<Part>> parts) {
    try {
      CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    return parts.stream().map(CompletableFuture::join).toList();
  }

  private void giveUp(StagedFile file, String key, String upload) {
    try {
      settlement.end(file.journal(), key, upload);
    } catch (StoreException e) {
      LOG.warn("An upload could not be ended: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
