package io.ossmount.cache.write;

import java.util.Optional;

/**
 * Where what is staged in a directory is to go. Not by which endpoint: a bucket has several, and
 * its name is nobody else's.
 *
 * @param prefix directory of the bucket that is shown; "" for all of it
 * @param path of the nested mount, for people; "" for the mount's own files
 */
public record StagingTarget(String bucket, String prefix, String path) {
  private static final int LINES = 3;

  /** Whether bytes that were meant for the other may go here. */
  boolean isSame(StagingTarget other) {
    return bucket.equals(other.bucket) && prefix.equals(other.prefix);
  }

  /** One line each, so that people can read them. */
  String text() {
    return line(bucket) + line(prefix) + line(path);
  }

  private static String line(String text) {
    return text.replace("%", "%25").replace("\n", "%0A") + "\n";
  }

  /** What {@link #text} was of; empty: it is not such a text. */
  static Optional<StagingTarget> of(String text) {
    String[] lines = text.split("\n", -1);
    return lines.length == LINES + 1 && lines[LINES].isEmpty()
        ? Optional.of(new StagingTarget(plain(lines[0]), plain(lines[1]), plain(lines[2])))
        : Optional.empty();
  }

  private static String plain(String line) {
    return line.replace("%0A", "\n").replace("%25", "%");
  }

  @Override
  public String toString() {
    return "oss://" + bucket + "/" + prefix;
  }
}
