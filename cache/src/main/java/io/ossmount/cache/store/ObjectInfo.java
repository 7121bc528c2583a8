package io.ossmount.cache.store;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a listing or a HEAD tells of an object.
 *
 * @param version key, ETag and size
 * @param modified when it was written, as OSS says
 * @param user user metadata (names without "x-oss-meta-", lower case); empty: not known, as
 *     listings do not tell it
 * @param crc64 CRC64-ECMA of the content, if told
 */
public record ObjectInfo(
    ObjectVersion version,
    Instant modified,
    Optional<Map<String, String>> user,
    Optional<Long> crc64) {
  /** Its key. */
  public String key() {
    return version.key();
  }

  /** Bytes. */
  public long size() {
    return version.size();
  }
}
