package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Name of a version's files: half of the SHA-256 of bucket, key, ETag and size. */
record VersionName(long high, long low) {
  static VersionName of(String bucket, ObjectVersion version) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bucket.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(version.key().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(version.etag().getBytes(StandardCharsets.UTF_8));
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, version.size()));
      ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
      return new VersionName(bytes.getLong(), bytes.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The opposite of {@link #toString}. */
  static Optional<VersionName> parse(String hex) {
    if (hex.length() != 32 || !hex.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Optional.of(
        new VersionName(
            HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32)));
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
