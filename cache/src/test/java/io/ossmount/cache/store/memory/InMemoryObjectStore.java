package io.ossmount.cache.store.memory;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bucket in memory. Counts what it is asked and what it sends, and calls {@link #before} first in
 * every call, so that a test can make it slow or make it fail.
 */
public final class InMemoryObjectStore implements ObjectStore {
  private static final int MAX_KEY_BYTES = 1023;
  private static final int SMALLEST_PART = 100 * 1024;

  private final ConcurrentSkipListMap<String, Stored> objects =
      new ConcurrentSkipListMap<>(InMemoryObjectStore::compareUtf8);
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile Hook hook = (call, key) -> {};

  /** Something to do before each call, such as to wait or to throw a {@link StoreException}. */
  @FunctionalInterface
  public interface Hook {
    /**
     * {@code call} is the name of the method, or "read" for each piece of a body; {@code key} the
     * key, or the prefix.
     */
    void before(String call, String key);
  }

  /** Replaces the hook. */
  public void before(Hook replacement) {
    hook = replacement;
  }

  /** How often the method of this name was called. */
  public long calls(String call) {
    AtomicLong count = calls.get(call);
    return count == null ? 0 : count.get();
  }

  /** Bytes that bodies gave out. */
  public long sentBytes() {
    return sent.get();
  }

  /** Puts an object and tells its version. */
  public ObjectVersion with(String key, byte[] bytes) {
    return put(key, new Content.OfBuffer(ByteBuffer.wrap(bytes)), ObjectMetadata.NONE).version();
  }

  /** Bytes of an object, if there. */
  public Optional<byte[]> bytes(String key) {
    return Optional.ofNullable(objects.get(key)).map(stored -> stored.bytes.clone());
  }

  /** All keys in order. */
  public List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** How many multipart uploads are begun and neither completed nor given up. */
  public int uploads() {
    return uploads.size();
  }

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    enter("list", prefix);
    List<ObjectInfo> found = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    String after = continuation.orElse("");
    for (var entry : objects.tailMap(prefix.compareTo(after) > 0 ? prefix : after).entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      int slash = delimited ? key.indexOf('/', prefix.length()) : -1;
      String directory = slash < 0 ? "" : key.substring(0, slash + 1);
      boolean known = !directories.isEmpty() && directories.getLast().equals(directory);
      boolean before = slash < 0 ? key.equals(after) : directory.equals(after);
      if (known || (continuation.isPresent() && before)) {
        continue;
      }
      if (found.size() + directories.size() == maxKeys) {
        return new ListPage(found, directories, Optional.of(last(found, directories)));
      }
      if (slash < 0) {
        found.add(entry.getValue().info(key, false));
      } else {
        directories.add(directory);
      }
    }
    return new ListPage(found, directories, Optional.empty());
  }

  private static String last(List<ObjectInfo> found, List<String> directories) {
    String key = found.isEmpty() ? "" : found.getLast().key();
    String directory = directories.isEmpty() ? "" : directories.getLast();
    return compareUtf8(key, directory) > 0 ? key : directory;
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    enter("head", key);
    return Optional.ofNullable(objects.get(key)).map(stored -> stored.info(key, true));
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    enter("get", version.key());
    Stored stored = require(version);
    if (offset >= stored.bytes.length) {
      throw new StoreException.Invalid("range of " + version.key());
    }
    int end = (int) Math.min(stored.bytes.length, offset + length);
    return new Body(version.key(), ByteBuffer.wrap(stored.bytes, (int) offset, end - (int) offset));
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    enter("put", key);
    byte[] bytes = bytesOf(content);
    return store(key, bytes, md5(bytes), metadata.user(), overwrite);
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    enter("copy", target);
    Stored from = require(source);
    return store(
        target, from.bytes, from.etag, metadata.map(ObjectMetadata::user).orElse(from.user));
  }

  @Override
  public void delete(String key) {
    enter("delete", key);
    objects.remove(key);
  }

  @Override
  public void deleteAll(List<String> keys) {
    enter("deleteAll", keys.isEmpty() ? "" : keys.getFirst());
    keys.forEach(objects::remove);
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    enter("startUpload", key);
    String id = "upload-" + ids.incrementAndGet();
    uploads.put(id, new Upload(key, metadata.user(), Instant.now(), new ConcurrentSkipListMap<>()));
    return id;
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    enter("uploadPart", key);
    return part(upload(key, upload), number, bytesOf(content));
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    enter("copyPart", key);
    byte[] from = require(source).bytes;
    return part(
        upload(key, upload),
        number,
        Arrays.copyOfRange(from, (int) offset, (int) (offset + length)));
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    enter("completeUpload", key);
    Upload open = upload(key, upload);
    TreeMap<Integer, byte[]> chosen = new TreeMap<>();
    for (Part part : parts) {
      byte[] bytes = open.parts.get(part.number());
      boolean last = part.equals(parts.getLast());
      if (bytes == null || !md5(bytes).equals(part.etag())) {
        throw new StoreException.Invalid("InvalidPart " + part.number());
      }
      if ((bytes.length < SMALLEST_PART && !last)
          || !chosen.headMap(part.number()).equals(chosen)) {
        throw new StoreException.Invalid("EntityTooSmall or InvalidPartOrder " + part.number());
      }
      chosen.put(part.number(), bytes);
    }
    ByteBuffer whole =
        ByteBuffer.allocate(chosen.values().stream().mapToInt(bytes -> bytes.length).sum());
    chosen.values().forEach(whole::put);
    ObjectInfo made =
        store(key, whole.array(), md5(whole.array()) + "-" + parts.size(), open.user, overwrite);
    uploads.remove(upload);
    return made;
  }

  @Override
  public void abortUpload(String key, String upload) {
    enter("abortUpload", key);
    uploads.remove(upload);
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    enter("uploads", key);
    return uploads.entrySet().stream()
        .filter(upload -> upload.getValue().key.equals(key))
        .map(upload -> new OpenUpload(upload.getKey(), upload.getValue().begun))
        .toList();
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    enter("check", prefix);
    return keys().stream().anyMatch(key -> key.startsWith(prefix));
  }

  private void enter(String call, String key) {
    calls.computeIfAbsent(call, name -> new AtomicLong()).incrementAndGet();
    hook.before(call, key);
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException.Interrupted(call + " " + key);
    }
  }

  private Stored require(ObjectVersion version) {
    Stored stored = objects.get(version.key());
    if (stored == null) {
      throw new StoreException.NotFound(version.key());
    }
    if (!stored.etag.equals(version.etag())) {
      throw new StoreException.VersionChanged(version.key());
    }
    return stored;
  }

  private Upload upload(String key, String id) {
    Upload upload = uploads.get(id);
    if (upload == null || !upload.key.equals(key)) {
      throw new StoreException.Invalid("NoSuchUpload " + id);
    }
    return upload;
  }

  private static Part part(Upload upload, int number, byte[] bytes) {
    upload.parts.put(number, bytes);
    return new Part(
        number, md5(bytes), bytes.length, Optional.of(Crc64.of(ByteBuffer.wrap(bytes))));
  }

  private ObjectInfo store(String key, byte[] bytes, String etag, Map<String, String> user) {
    return store(key, bytes, etag, user, Overwrite.ALLOWED);
  }

  private ObjectInfo store(
      String key, byte[] bytes, String etag, Map<String, String> user, Overwrite overwrite) {
    int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (keyBytes == 0 || keyBytes > MAX_KEY_BYTES || key.startsWith("/") || key.startsWith("\\")) {
      throw new StoreException.Invalid("InvalidObjectName");
    }
    Map<String, String> lower =
        user.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().toLowerCase(Locale.ROOT),
                    Map.Entry::getValue,
                    (one, other) -> other,
                    LinkedHashMap::new));
    Stored stored = new Stored(bytes, etag, lower);
    if (overwrite == Overwrite.ALLOWED) {
      objects.put(key, stored);
    } else if (objects.putIfAbsent(key, stored) != null) {
      throw new StoreException.VersionChanged("FileAlreadyExists " + key);
    }
    return stored.info(key, true);
  }

  private static byte[] bytesOf(Content content) {
    return switch (content) {
      case Content.OfBuffer buffer -> {
        byte[] bytes = new byte[(int) buffer.size()];
        buffer.buffer().duplicate().get(bytes);
        yield bytes;
      }
      case Content.OfFile file -> {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        try {
          while (bytes.hasRemaining()) {
            if (file.channel().read(bytes, file.offset() + bytes.position()) < 0) {
              throw new StoreException.Corrupted("the file is shorter than said");
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        yield bytes.array();
      }
    };
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static int compareUtf8(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private record Upload(
      String key, Map<String, String> user, Instant begun, NavigableMap<Integer, byte[]> parts) {}

  private static final class Stored {
    final byte[] bytes;
    final String etag;
    final Instant modified = Instant.now();
    final Map<String, String> user;
    final long crc64;

    Stored(byte[] bytes, String etag, Map<String, String> user) {
      this.bytes = bytes;
      this.etag = etag;
      this.user = user;
      this.crc64 = Crc64.of(ByteBuffer.wrap(bytes));
    }

    ObjectInfo info(String key, boolean full) {
      return new ObjectInfo(
          new ObjectVersion(key, etag, bytes.length),
          modified,
          full ? Optional.of(user) : Optional.empty(),
          full ? Optional.of(crc64) : Optional.empty());
    }
  }

  private final class Body implements ObjectBody {
    private final String key;
    private final ByteBuffer bytes;
    private final long length;
    private @Nullable String closed;

    Body(String key, ByteBuffer bytes) {
      this.key = key;
      this.bytes = bytes;
      this.length = bytes.remaining();
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public int read(ByteBuffer into) {
      if (closed != null) {
        throw new IllegalStateException(closed);
      }
      if (!bytes.hasRemaining()) {
        return -1;
      }
      hook.before("read", key);
      int count = Math.min(Math.min(bytes.remaining(), into.remaining()), 64 * 1024);
      into.put(bytes.slice().limit(count));
      bytes.position(bytes.position() + count);
      sent.addAndGet(count);
      return count;
    }

    @Override
    public void close() {
      closed = "closed";
    }
  }
}
