package io.ossmount.emulator.http;

import java.io.EOFException;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Chunks with their sizes before them (RFC 9112, section 7.1); extensions and trailers are dropped.
 */
final class ChunkedBody extends RequestBody {
  private static final int LONGEST_LINE = 1024;
  private static final int MOST_TRAILERS = 32;

  private final WireInput input;
  private long leftInChunk;
  private boolean isFirst = true;
  private boolean isAtEnd;

  ChunkedBody(WireInput input) {
    this.input = input;
  }

  @Override
  public OptionalLong length() {
    return OptionalLong.empty();
  }

  @Override
  int receive(byte[] into, int offset, int wanted) throws IOException {
    if (isAtEnd) {
      return -1;
    }
    if (leftInChunk == 0) {
      nextChunk();
      if (isAtEnd) {
        return -1;
      }
    }
    int count = input.read(into, offset, (int) Math.min(wanted, leftInChunk));
    if (count < 0) {
      throw new EOFException("the client hung up inside a chunk");
    }
    leftInChunk -= count;
    return count;
  }

  private void nextChunk() throws IOException {
    if (!isFirst) {
      input.readLine(LONGEST_LINE);
    }
    isFirst = false;
    String line = input.readLine(LONGEST_LINE);
    int end = line.indexOf(';');
    try {
      leftInChunk = Long.parseLong((end < 0 ? line : line.substring(0, end)).trim(), 16);
    } catch (NumberFormatException e) {
      throw new MalformedRequestException("bad chunk size");
    }
    if (leftInChunk < 0) {
      throw new MalformedRequestException("bad chunk size");
    }
    if (leftInChunk == 0) {
      skipTrailers();
      isAtEnd = true;
    }
  }

  private void skipTrailers() throws IOException {
    for (int i = 0; i < MOST_TRAILERS; i++) {
      if (input.readLine(LONGEST_LINE).isEmpty()) {
        return;
      }
    }
    throw new MalformedRequestException("too many trailers");
  }

  @Override
  boolean isAtEnd() {
    return isAtEnd;
  }
}
