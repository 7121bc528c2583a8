package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What stat(2) tells of a file that came from somebody else.
 *
 * @param device of its file system
 * @param owner user id
 * @param links names that it has
 * @param regular whether it is a regular file
 */
public record FileStatus(long device, int owner, int links, boolean regular) {
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;

  /** Of what is at a path; a symbolic link is not followed. */
  public static FileStatus of(Path path) throws IOException {
    return of(Files.readAttributes(path, "unix:dev,uid,nlink,mode", LinkOption.NOFOLLOW_LINKS));
  }

  /** Of an open file. */
  public static FileStatus of(Descriptor file) throws IOException {
    int fd = file.use();
    try {
      return of(Files.readAttributes(Path.of("/proc/self/fd/" + fd), "unix:dev,uid,nlink,mode"));
    } finally {
      file.endUse();
    }
  }

  private static FileStatus of(Map<String, Object> attributes) {
    return new FileStatus(
        number(attributes, "dev").longValue(),
        number(attributes, "uid").intValue(),
        number(attributes, "nlink").intValue(),
        (number(attributes, "mode").intValue() & TYPE_MASK) == REGULAR);
  }

  private static Number number(Map<String, Object> attributes, String name) {
    return (Number) Objects.requireNonNull(attributes.get(name), name);
  }
}
