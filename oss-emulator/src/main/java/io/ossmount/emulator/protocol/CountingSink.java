package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import io.ossmount.emulator.log.LogEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Counts bytes before they go, so that a client that has them finds them counted; of a connection
 * that broke up to {@value #STEP} bytes may be counted that did not go.
 */
final class CountingSink implements BodySink {
  static final int STEP = 1 << 20;

  private final BodySink sink;
  private final LogEntry entry;

  CountingSink(BodySink sink, LogEntry entry) {
    this.sink = sink;
    this.entry = entry;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    entry.sent(length);
    sink.write(bytes, offset, length);
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    for (long done = 0; done < count; ) {
      long step = Math.min(STEP, count - done);
      entry.sent(step);
      sink.transfer(file, position + done, step);
      done += step;
    }
  }
}
