package io.ossmount.csi.volume;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Arrays;
import java.util.Set;

/**
 * A directory below an OssMount's own that a volume shows.
 *
 * @param path segments joined by single slashes, none of them "." or ".."; "" is all of the
 *     OssMount
 */
public record Directory(String path) {
  /** All of the OssMount. */
  public static final Directory WHOLE = new Directory("");

  /** As for the directory of an OssMount; a key has 1,023 bytes. */
  private static final int MOST_BYTES = 900;

  private static final Set<String> NO_SEGMENTS = Set.of("", ".", "..");

  /** Checks the path. */
  public Directory {
    if (!path.isEmpty()) {
      check(path);
    }
  }

  /** The directory {@code below} this one. */
  public Directory join(Directory below) {
    if (path.isEmpty() || below.path.isEmpty()) {
      return path.isEmpty() ? below : this;
    }
    return new Directory(path + "/" + below.path);
  }

  private static void check(String path) {
    if (Text.bytes(path) > MOST_BYTES) {
      throw new InvalidRequest("the directory has more than " + MOST_BYTES + " bytes");
    }
    if (Text.hasControlCharacters(path)) {
      throw new InvalidRequest("the directory has control characters");
    }
    if (Arrays.stream(path.split("/", -1)).anyMatch(NO_SEGMENTS::contains)) {
      throw new InvalidRequest(
          "the directory is "
              + Text.quoted(path)
              + "; write it as in datasets/imagenet: no slash at its start or end, and no empty"
              + " segment, \".\" or \"..\"");
    }
  }
}
