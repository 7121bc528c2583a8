package io.ossmount.emulator.http;

import java.io.EOFException;
import java.io.IOException;
import java.util.OptionalLong;

/** As many bytes as Content-Length says. */
final class FixedBody extends RequestBody {
  private final WireInput input;
  private final long length;
  private final boolean isLengthGiven;
  private long left;

  FixedBody(WireInput input, long length, boolean isLengthGiven) {
    this.input = input;
    this.length = length;
    this.isLengthGiven = isLengthGiven;
    this.left = length;
  }

  @Override
  public OptionalLong length() {
    return isLengthGiven ? OptionalLong.of(length) : OptionalLong.empty();
  }

  @Override
  int receive(byte[] into, int offset, int wanted) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = input.read(into, offset, (int) Math.min(wanted, left));
    if (count < 0) {
      throw new EOFException("the client hung up " + left + " bytes before the end of its request");
    }
    left -= count;
    return count;
  }

  @Override
  boolean isAtEnd() {
    return left == 0;
  }
}
