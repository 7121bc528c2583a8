package io.ossmount.cache.fs;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Part;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Symbolic links as objects: the target is the content, the mode in the user metadata says S_IFLNK,
 * as in ossfs 1.
 *
 * <p>Problem: a listing does not tell user metadata, and a HEAD of every small object is too dear.
 * Solution: a link is made by a multipart upload of one part, which shows in the ETag (it ends with
 * "-1") and nobody else does with so few bytes: only such objects are asked for by HEAD. Cost:
 * three requests to make a link, and links that ossfs made show in listings as files until their
 * name is looked up by itself.
 */
final class Symlinks {
  /** Longest target: PATH_MAX without the NUL. */
  static final int MAX_TARGET_BYTES = 4095;

  private static final String ONE_PART = "-1";

  private Symlinks() {}

  /** Whether an object that a listing told of may be a link. */
  static boolean isCandidate(ObjectInfo object) {
    return object.user().isEmpty()
        && object.size() > 0
        && object.size() <= MAX_TARGET_BYTES
        && object.version().etag().endsWith(ONE_PART);
  }

  /** Makes or replaces a link. */
  static ObjectInfo put(ObjectStore store, String key, String target, Posix posix) {
    var metadata = new ObjectMetadata(Optional.empty(), posix.toUser());
    ByteBuffer bytes = ByteBuffer.wrap(target.getBytes(StandardCharsets.UTF_8));
    String upload = store.startUpload(key, metadata);
    try {
      Part part = store.uploadPart(key, upload, 1, new Content.OfBuffer(bytes));
      return store.completeUpload(key, upload, List.of(part));
    } catch (StoreException e) {
      store.abortUpload(key, upload);
      throw e;
    }
  }

  /** The target of a link. */
  static String target(ObjectStore store, ObjectVersion link) {
    if (link.size() == 0 || link.size() > MAX_TARGET_BYTES) {
      throw new StoreException.Invalid("not the target of a symbolic link: " + link.key());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) link.size());
    try (ObjectBody body = store.get(link, 0, link.size())) {
      int count = 1;
      while (bytes.hasRemaining() && count > 0) {
        count = body.read(bytes);
      }
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }
}
