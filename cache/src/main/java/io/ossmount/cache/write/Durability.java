package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** fsync(2) by name. Waits for the disk; not by a thread that may be interrupted. */
final class Durability {
  private Durability() {}

  /** Returns when the bytes of a file, or the names of a directory, are on the disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
