package io.ossmount.csi.volume;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Id of a volume. Those that {@link #of} makes begin with the UID of the volume's OssMount; of a
 * volume written by hand it is whatever its author chose.
 *
 * @param value 1 to 128 bytes without control characters
 */
public record VolumeId(String value) {
  private static final Pattern MADE =
      Pattern.compile("(?<uid>[A-Za-z0-9-]{1,63})[.][A-Za-z0-9._-]+");
  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9._-]+");

  /** Takes an id from a request. */
  public VolumeId {
    if (value.isEmpty()) {
      throw new InvalidRequest("the volume id is missing");
    }
    if (Text.bytes(value) > Text.FIELD_BYTES) {
      throw new InvalidRequest("the volume id has more than " + Text.FIELD_BYTES + " bytes");
    }
    if (Text.hasControlCharacters(value)) {
      throw new InvalidRequest("the volume id has control characters");
    }
  }

  /**
   * The id of a new volume: always the same for the same OssMount and name. A name that does not
   * fit, or that has other characters than letters, digits, ".", "_" and "-", is replaced by its
   * SHA-256.
   */
  public static VolumeId of(String ossMountUid, String volumeName) {
    var readable = ossMountUid + "." + volumeName;
    var fits = readable.length() <= Text.FIELD_BYTES && SAFE_NAME.matcher(volumeName).matches();
    return new VolumeId(fits ? readable : ossMountUid + "." + Digest.hex(volumeName));
  }

  /** UID of the OssMount, when the id has the form of {@link #of}. */
  public Optional<String> ossMountUid() {
    var made = MADE.matcher(value);
    return made.matches() ? Optional.of(made.group("uid")) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
