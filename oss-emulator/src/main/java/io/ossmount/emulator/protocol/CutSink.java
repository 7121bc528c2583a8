package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import io.ossmount.emulator.http.HangUp;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Lets some bytes through, then hangs up. */
final class CutSink implements BodySink {
  private final BodySink sink;
  private final boolean isReset;
  private long left;

  CutSink(BodySink sink, long bytes, boolean isReset) {
    this.sink = sink;
    this.left = bytes;
    this.isReset = isReset;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int passed = (int) Math.min(left, length);
    sink.write(bytes, offset, passed);
    count(passed, length);
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    long passed = Math.min(left, count);
    sink.transfer(file, position, passed);
    count(passed, count);
  }

  private void count(long passed, long wanted) throws HangUp {
    left -= passed;
    if (passed < wanted) {
      throw new HangUp(isReset);
    }
  }
}
