package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Turns over one bit of the byte at an offset. */
final class FlipSink implements BodySink {
  private final BodySink sink;
  private final long target;
  private long passed;

  FlipSink(BodySink sink, long target) {
    this.sink = sink;
    this.target = target;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    if (target >= passed && target < passed + length) {
      copy[(int) (target - passed)] ^= 1;
    }
    passed += length;
    sink.write(copy, 0, length);
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    long before = target - passed;
    if (before < 0 || before >= count) {
      passed += count;
      sink.transfer(file, position, count);
      return;
    }
    sink.transfer(file, position, before);
    passed += before;
    byte[] one = new byte[1];
    file.read(ByteBuffer.wrap(one), position + before);
    write(one, 0, 1);
    long rest = count - before - 1;
    passed += rest;
    sink.transfer(file, position + before + 1, rest);
  }
}
