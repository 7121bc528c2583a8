package io.ossmount.csi.volume;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.nio.file.Path;

/**
 * Where a volume is to appear: below kubelet's directory, and nowhere else, since the driver acts
 * on it as root.
 *
 * @param path absolute, normalized
 */
public record TargetPath(Path path) {
  /** PATH_MAX of Linux, less its end. */
  private static final int MOST_BYTES = 4095;

  /**
   * Takes a path from a request.
   *
   * @param kubeletDir absolute, normalized
   */
  public static TargetPath parse(String text, Path kubeletDir) {
    if (text.isEmpty()) {
      throw new InvalidRequest("the target path is missing");
    }
    if (Text.bytes(text) > MOST_BYTES || Text.hasControlCharacters(text)) {
      throw new InvalidRequest("the target path is too long or has control characters");
    }
    var path = Path.of(text);
    if (!path.toString().equals(text) || !path.normalize().equals(path)) {
      throw new InvalidRequest(
          "the target path " + Text.quoted(text) + " has \".\", \"..\" or empty segments");
    }
    if (!path.startsWith(kubeletDir) || path.equals(kubeletDir)) {
      throw new InvalidRequest(
          "the target path "
              + Text.quoted(text)
              + " is not below kubelet's directory "
              + kubeletDir);
    }
    return new TargetPath(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
