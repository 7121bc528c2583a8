package io.ossmount.cache.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket of objects: the contract that every implementation keeps.
 *
 * <p>Keys are relative to nothing: they are the bucket's own. All methods wait for the network, end
 * within the operation time-out of the mount (retries of what can be repeated included), and are
 * thread-safe. All failures are {@link StoreException}s; their messages carry bucket and key, never
 * credentials. An interrupted thread gets {@link StoreException.Interrupted} and keeps its
 * interrupt flag.
 *
 * <p>A single PUT, copy or completed upload replaces an object atomically. Nothing else is atomic:
 * not a batch of deletes, not a copy followed by a delete.
 */
public interface ObjectStore {
  /**
   * One page of the keys that begin with {@code prefix}, in the order of their UTF-8 bytes.
   *
   * @param prefix "" for all
   * @param delimited whether keys with a further "/" are folded into {@link ListPage#directories()}
   * @param continuation token of the page before, or empty for the first
   * @param maxKeys 1 to 1,000, directories included
   */
  ListPage list(String prefix, boolean delimited, Optional<String> continuation, int maxKeys);

  /** What is known of an object without its bytes; empty when there is none. */
  Optional<ObjectInfo> head(String key);

  /**
   * Starts to read a range of one version of an object.
   *
   * @param offset first byte, 0 or more
   * @param length bytes, 1 or more; the range may reach past the end and then is shorter
   * @return the open body; close it, also when only a part was read
   * @throws StoreException.VersionChanged the object is no longer of this version
   * @throws StoreException.NotFound it is not there
   */
  ObjectBody get(ObjectVersion version, long offset, long length);

  /** Replaces the object by the bytes of {@code content}, which are checked by CRC64 on arrival. */
  default ObjectInfo put(String key, Content content, ObjectMetadata metadata) {
    return put(key, content, metadata, Overwrite.ALLOWED);
  }

  /**
   * Makes the object of the bytes of {@code content}, which are checked by CRC64 on arrival.
   *
   * @throws StoreException.VersionChanged there is an object, which was not to be replaced: perhaps
   *     the one that this very call has made, when an answer was lost
   */
  ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite);

  /**
   * Copies inside the bucket, without the bytes passing here; any size.
   *
   * @param metadata what the copy carries; empty: what the source carries
   * @throws StoreException.VersionChanged the source is no longer of this version
   */
  ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata);

  /** Deletes one object; succeeds when it is not there. */
  void delete(String key);

  /** Deletes up to 1,000 objects; those that are not there count as deleted. */
  void deleteAll(List<String> keys);

  /**
   * Starts a multipart upload. It is invisible until it is completed, and costs storage until it
   * ends.
   */
  String startUpload(String key, ObjectMetadata metadata);

  /** Sends one part: {@code number} 1 to 10,000; 100 KiB to 5 GiB, the last one may be smaller. */
  Part uploadPart(String key, String upload, int number, Content content);

  /** Makes one part of a range of an existing object, without the bytes passing here. */
  Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length);

  /** Makes the object of the parts, in ascending order of their numbers. */
  default ObjectInfo completeUpload(String key, String upload, List<Part> parts) {
    return completeUpload(key, upload, parts, Overwrite.ALLOWED);
  }

  /**
   * The same; the upload goes on when the object was not made.
   *
   * @throws StoreException.VersionChanged as {@link #put(String, Content, ObjectMetadata,
   *     Overwrite)} does
   */
  ObjectInfo completeUpload(String key, String upload, List<Part> parts, Overwrite overwrite);

  /** Gives up an upload; succeeds when it is not there. */
  void abortUpload(String key, String upload);

  /** Uploads of this very key that are neither completed nor given up, whoever began them. */
  List<OpenUpload> uploads(String key);

  /**
   * Tries whether the bucket can be listed below {@code prefix} and, if {@code writing}, written
   * to, with calls that leave nothing behind. Returns when all is well.
   *
   * @return whether there is any object below the prefix
   * @throws StoreException what is wrong
   */
  boolean check(String prefix, boolean writing);

  /** Whether an object may be replaced that is there already. */
  enum Overwrite {
    /** By whatever comes last. */
    ALLOWED,
    /**
     * OSS looks, in one step with the making. It does not where the bucket keeps versions: there
     * nothing is lost by it.
     */
    FORBIDDEN
  }

  /**
   * A page of a listing.
   *
   * @param objects in order
   * @param directories prefixes that end with "/", in order; empty when not delimited
   * @param continuation for the next page; empty when this is the last
   */
  record ListPage(
      List<ObjectInfo> objects, List<String> directories, Optional<String> continuation) {
    /** Takes copies of the lists. */
    public ListPage {
      objects = List.copyOf(objects);
      directories = List.copyOf(directories);
    }
  }

  /**
   * What a writer says about an object.
   *
   * @param contentType MIME type; empty: OSS decides
   * @param user user metadata: names without "x-oss-meta-", lower case
   */
  record ObjectMetadata(Optional<String> contentType, Map<String, String> user) {
    /** Nothing said. */
    public static final ObjectMetadata NONE = new ObjectMetadata(Optional.empty(), Map.of());

    /** Takes a copy of the map. */
    public ObjectMetadata {
      user = Map.copyOf(user);
    }
  }

  /**
   * An upload that is neither completed nor given up.
   *
   * @param id what {@link #startUpload} returned
   * @param begun when, by the clock of OSS, in whole seconds
   */
  record OpenUpload(String id, Instant begun) {}

  /** A part that has arrived. */
  record Part(int number, String etag, long size, Optional<Long> crc64) {
    /**
     * CRC64 of the object that these parts make, in this order; empty when that of one is not
     * known.
     */
    public static Optional<Long> crc64(List<Part> parts) {
      long crc = 0;
      for (Part part : parts) {
        if (part.crc64().isEmpty()) {
          return Optional.empty();
        }
        crc = Crc64.combine(crc, part.crc64().get(), part.size());
      }
      return Optional.of(crc);
    }
  }
}
