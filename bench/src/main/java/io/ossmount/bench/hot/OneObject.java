package io.ossmount.bench.hot;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bucket that has one object, full of zeros, and takes no other. */
final class OneObject implements ObjectStore {
  static final String BUCKET = "bench";
  static final ObjectVersion VERSION = new ObjectVersion("object", "etag", 64 << 20);

  private static final ObjectInfo INFO =
      new ObjectInfo(VERSION, Instant.EPOCH, Optional.of(Map.of()), Optional.empty());

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    return new ListPage(
        VERSION.key().startsWith(prefix) ? List.of(INFO) : List.of(), List.of(), Optional.empty());
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return key.equals(VERSION.key()) ? Optional.of(INFO) : Optional.empty();
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    return new Zeros(Math.min(length, version.size() - offset));
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteAll(List<String> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void abortUpload(String key, String upload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    return List.of();
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    return true;
  }

  private static final class Zeros implements ObjectBody {
    private final long length;
    private long left;

    Zeros(long length) {
      this.length = length;
      this.left = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public int read(ByteBuffer into) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, into.remaining());
      into.put(new byte[count]);
      left -= count;
      return count;
    }

    @Override
    public void close() {}
  }
}
