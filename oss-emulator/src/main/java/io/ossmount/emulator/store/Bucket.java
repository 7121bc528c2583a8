package io.ossmount.emulator.store;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** One bucket. Thread-safe: a change is visible whole or not at all. */
public final class Bucket {
  private final Path directory;
  private final BucketInfo info;
  private final Blobs blobs;
  private final Clock clock;
  private final Uploads uploads;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentSkipListMap<String, StoredObject> index =
      new ConcurrentSkipListMap<>(KeyOrder.INSTANCE);
  private boolean isDeleted;

  /** What is kept of a bucket besides its objects. */
  record BucketInfo(String name, long createdSeconds) {}

  Bucket(Path directory, BucketInfo info, Blobs blobs, Clock clock) throws IOException {
    this.directory = directory;
    this.info = info;
    this.blobs = blobs;
    this.clock = clock;
    Path objects = Files.createDirectories(directory.resolve("objects"));
    try (Stream<Path> files = Files.list(objects)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Json.isFinished(file)) {
          StoredObject object = Json.read(file, StoredObject.class);
          blobs.retain(object.content().segments());
          index.put(object.key(), object);
        }
      }
    }
    this.uploads = new Uploads(directory.resolve("uploads"), blobs, clock);
  }

  /** Its name. */
  public String name() {
    return info.name();
  }

  /** When it was made. */
  public Instant created() {
    return Instant.ofEpochSecond(info.createdSeconds());
  }

  /** How many objects it has. */
  public int objectCount() {
    return index.size();
  }

  /** The object of that name. */
  public Optional<StoredObject> find(String key) {
    return Optional.ofNullable(index.get(key));
  }

  /**
   * The object of that name, held for reading.
   *
   * @throws OssException NoSuchKey
   */
  public ObjectReader open(String key) {
    lock.lock();
    try {
      StoredObject object = find(key).orElseThrow(() -> noSuchKey(key));
      blobs.retain(object.content().segments());
      return new ObjectReader(blobs, object);
    } finally {
      lock.unlock();
    }
  }

  /** NoSuchKey, naming it. */
  public static OssException noSuchKey(String key) {
    return new OssException(ErrorCode.NO_SUCH_KEY).detail("Key", key);
  }

  /**
   * Makes an object, or replaces it.
   *
   * @throws OssException FileAlreadyExists, if the draft says so
   */
  public StoredObject put(Draft draft) throws IOException {
    try (Received compact = blobs.compact(draft.content())) {
      lock.lock();
      try {
        checkAlive();
        if (draft.forbidsOverwrite() && index.containsKey(draft.key())) {
          throw new OssException(ErrorCode.FILE_ALREADY_EXISTS);
        }
        return commit(draft.finished(compact.content(), clock.instant().getEpochSecond()));
      } finally {
        lock.unlock();
      }
    }
  }

  private StoredObject commit(StoredObject object) throws IOException {
    Json.write(file(object.key()), object);
    blobs.retain(object.content().segments());
    StoredObject replaced = index.put(object.key(), object);
    if (replaced != null) {
      blobs.release(replaced.content().segments());
    }
    return object;
  }

  /**
   * Adds to the end of an appendable object, or makes it.
   *
   * @param addition what is added; its attributes count only if there is no such object yet
   * @param position where its end must be
   * @throws OssException ObjectNotAppendable, PositionNotEqualToLength
   */
  public StoredObject append(Draft addition, long position) throws IOException {
    lock.lock();
    try {
      checkAlive();
      Optional<StoredObject> existing = find(addition.key());
      checkAppend(existing, position);
      if (existing.isEmpty()) {
        return put(addition);
      }
      StoredObject.Content content = Contents.append(existing.get().content(), addition.content());
      return put(
          new Draft(
              addition.key(),
              ObjectType.APPENDABLE,
              content,
              existing.get().attributes(),
              "",
              false));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether something can be appended at this position now.
   *
   * @throws OssException it cannot
   */
  public static void checkAppend(Optional<StoredObject> existing, long position) {
    long length = existing.map(StoredObject::size).orElse(0L);
    if (existing.isPresent() && existing.get().type() != ObjectType.APPENDABLE) {
      throw new OssException(ErrorCode.OBJECT_NOT_APPENDABLE);
    }
    if (position != length) {
      throw new OssException(ErrorCode.POSITION_NOT_EQUAL_TO_LENGTH)
          .header("x-oss-next-append-position", Long.toString(length));
    }
  }

  /** Deletes an object if it is there. */
  public void delete(String key) throws IOException {
    lock.lock();
    try {
      StoredObject removed = index.remove(key);
      if (removed != null) {
        Files.delete(file(key));
        blobs.release(removed.content().segments());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A page of its objects. */
  public Listing<StoredObject> list(Listing.Request request) {
    return Listing.of(index, request);
  }

  /** A page of its uploads, by key and id. */
  public Listing<MultipartUpload.Beginning> listUploads(Listing.Request request) {
    return uploads.list(request);
  }

  /** Begins an upload. */
  public MultipartUpload startUpload(String key, Map<String, String> attributes)
      throws IOException {
    lock.lock();
    try {
      checkAlive();
      return uploads.start(key, attributes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * An upload.
   *
   * @throws OssException NoSuchUpload
   */
  public MultipartUpload upload(String key, String id) {
    return uploads.get(key, id);
  }

  /** Adds or replaces a part. */
  public Part putPart(String key, String id, int number, StoredObject.Content content)
      throws IOException {
    try (Received compact = blobs.compact(content)) {
      lock.lock();
      try {
        return uploads.put(uploads.get(key, id), number, compact.content());
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Makes the object of parts and ends the upload.
   *
   * @param parts in order; all must be there
   * @throws OssException InvalidPart, EntityTooSmall, NoSuchUpload, FileAlreadyExists
   */
  public StoredObject completeUpload(
      String key, String id, List<PartClaim> parts, boolean forbidsOverwrite) throws IOException {
    lock.lock();
    try {
      MultipartUpload upload = uploads.get(key, id);
      StoredObject.Content content = Contents.join(PartClaim.resolve(upload, parts));
      StoredObject object =
          put(
              new Draft(
                  key,
                  ObjectType.MULTIPART,
                  content,
                  upload.info().attributes(),
                  "",
                  forbidsOverwrite));
      uploads.remove(upload);
      return object;
    } finally {
      lock.unlock();
    }
  }

  /** Drops an upload and its parts. */
  public void abortUpload(String key, String id) throws IOException {
    lock.lock();
    try {
      uploads.remove(uploads.get(key, id));
    } finally {
      lock.unlock();
    }
  }

  /** Marks it as gone, if it is empty. */
  void delete() {
    lock.lock();
    try {
      if (!index.isEmpty() || !uploads.isEmpty()) {
        throw new OssException(ErrorCode.BUCKET_NOT_EMPTY);
      }
      isDeleted = true;
    } finally {
      lock.unlock();
    }
  }

  private void checkAlive() {
    if (isDeleted) {
      throw new OssException(ErrorCode.NO_SUCH_BUCKET);
    }
  }

  private Path file(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String hash = HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
      return directory.resolve("objects").resolve(hash + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
