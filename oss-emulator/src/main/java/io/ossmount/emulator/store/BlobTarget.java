package io.ossmount.emulator.store;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Takes ranges of files. */
@FunctionalInterface
public interface BlobTarget {
  /** A range that the file has. */
  void transfer(FileChannel file, long position, long count) throws IOException;
}
