package io.ossmount.emulator.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An object: all but its bytes. Never changed, only replaced.
 *
 * @param key its name
 * @param type what made it
 * @param content where its bytes are, and their checksums
 * @param modifiedSeconds when it was made, in seconds since 1970: OSS knows no fractions
 * @param attributes what its headers say: Content-Type and the like, x-oss-meta-*; names lower case
 * @param symlinkTarget key that a symlink means; "" for others
 */
public record StoredObject(
    String key,
    ObjectType type,
    Content content,
    long modifiedSeconds,
    Map<String, String> attributes,
    String symlinkTarget) {
  /** Takes a copy. */
  public StoredObject {
    attributes = Map.copyOf(attributes);
  }

  /** Bytes. */
  @JsonIgnore
  public long size() {
    return content.size();
  }

  /** Upper-case, without quotes. */
  @JsonIgnore
  public String etag() {
    return content.etag();
  }

  /** When it was made. */
  @JsonIgnore
  public Instant modified() {
    return Instant.ofEpochSecond(modifiedSeconds);
  }

  /**
   * Bytes and their checksums.
   *
   * @param segments in order
   * @param size sum of their lengths
   * @param etag MD5 in hex, upper-case; what OSS makes of it for other types
   * @param crc64 CRC-64 of all bytes
   */
  public record Content(List<Segment> segments, long size, String etag, long crc64) {
    /** Takes a copy. */
    public Content {
      segments = List.copyOf(segments);
    }

    /** The same bytes under another ETag. */
    public Content withEtag(String other) {
      return new Content(segments, size, other, crc64);
    }
  }
}
