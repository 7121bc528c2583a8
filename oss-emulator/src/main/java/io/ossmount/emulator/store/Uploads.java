package io.ossmount.emulator.store;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** The multipart uploads of one bucket. Changes are made under the bucket's lock. */
final class Uploads {
  private static final String INFO_FILE = "upload.json";

  private final Path directory;
  private final Blobs blobs;
  private final Clock clock;
  private final ConcurrentHashMap<String, MultipartUpload> byId = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, MultipartUpload.Beginning> byKey =
      new ConcurrentSkipListMap<>(KeyOrder.INSTANCE);

  Uploads(Path directory, Blobs blobs, Clock clock) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.blobs = blobs;
    this.clock = clock;
    try (Stream<Path> uploads = Files.list(directory)) {
      for (Path upload : (Iterable<Path>) uploads::iterator) {
        load(upload);
      }
    }
  }

  private void load(Path upload) throws IOException {
    if (!Files.exists(upload.resolve(INFO_FILE))) { // killed while it was begun or ended
      deleteDirectory(upload);
      return;
    }
    MultipartUpload.Beginning info =
        Json.read(upload.resolve(INFO_FILE), MultipartUpload.Beginning.class);
    MultipartUpload loaded = new MultipartUpload(info);
    try (Stream<Path> parts = Files.list(upload)) {
      for (Path file : (Iterable<Path>) parts::iterator) {
        if (Json.isFinished(file) && !file.endsWith(INFO_FILE)) {
          Part part = Json.read(file, Part.class);
          blobs.retain(part.content().segments());
          loaded.parts().put(part.number(), part);
        }
      }
    }
    remember(loaded);
  }

  private void remember(MultipartUpload upload) {
    byId.put(upload.info().id(), upload);
    byKey.put(upload.info().order(), upload.info());
  }

  MultipartUpload start(String key, Map<String, String> attributes) throws IOException {
    String id = UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
    long now = clock.instant().getEpochSecond();
    MultipartUpload upload =
        new MultipartUpload(new MultipartUpload.Beginning(id, key, now, attributes));
    Files.createDirectory(directory.resolve(id));
    Json.write(directory.resolve(id).resolve(INFO_FILE), upload.info());
    remember(upload);
    return upload;
  }

  MultipartUpload get(String key, String id) {
    return Optional.ofNullable(byId.get(id))
        .filter(upload -> upload.info().key().equals(key))
        .orElseThrow(() -> new OssException(ErrorCode.NO_SUCH_UPLOAD).detail("UploadId", id));
  }

  Part put(MultipartUpload upload, int number, StoredObject.Content content) throws IOException {
    Part part = new Part(number, content, clock.instant().getEpochSecond());
    Json.write(directory.resolve(upload.info().id()).resolve(number + ".json"), part);
    blobs.retain(content.segments());
    Part replaced = upload.parts().put(number, part);
    if (replaced != null) {
      blobs.release(replaced.content().segments());
    }
    return part;
  }

  void remove(MultipartUpload upload) throws IOException {
    byId.remove(upload.info().id());
    byKey.remove(upload.info().order());
    Path own = directory.resolve(upload.info().id());
    Files.delete(own.resolve(INFO_FILE)); // from here on a restart forgets it
    deleteDirectory(own);
    upload.parts().values().forEach(part -> blobs.release(part.content().segments()));
  }

  private static void deleteDirectory(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(path);
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  Listing<MultipartUpload.Beginning> list(Listing.Request request) {
    return Listing.of(byKey, request);
  }
}
