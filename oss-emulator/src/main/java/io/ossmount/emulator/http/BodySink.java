package io.ossmount.emulator.http;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Where the body of an answer goes. Calls return when the kernel has the bytes. */
public interface BodySink {
  /** Sends bytes of an array. */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** Sends a range of a file, which must have it. */
  void transfer(FileChannel file, long position, long count) throws IOException;
}
