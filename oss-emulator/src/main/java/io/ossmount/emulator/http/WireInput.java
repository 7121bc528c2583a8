package io.ossmount.emulator.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Buffered reading of lines and bytes; says "100 Continue" before it would wait for a body. */
final class WireInput {
  private final Wire wire;
  private final byte[] buffer = new byte[32 * 1024];
  private int position;
  private int limit;
  private boolean isContinueOwed;

  WireInput(Wire wire) {
    this.wire = wire;
  }

  void oweContinue(boolean owed) {
    isContinueOwed = owed;
  }

  /** The client still waits to be told to send its body. */
  boolean isContinueOwed() {
    return isContinueOwed;
  }

  int read(byte[] into, int offset, int length) throws IOException {
    if (position < limit) {
      int count = Math.min(length, limit - position);
      System.arraycopy(buffer, position, into, offset, count);
      position += count;
      return count;
    }
    sayContinue();
    return wire.read(into, offset, length);
  }

  /** A line without its end; ISO-8859-1. */
  String readLine(int longest) throws IOException {
    StringBuilder line = new StringBuilder(80);
    while (true) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      line.append(new String(buffer, position, end - position, StandardCharsets.ISO_8859_1));
      if (line.length() > longest) {
        throw new MalformedRequestException("line too long");
      }
      if (end < limit) {
        position = end + 1;
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
      position = limit;
      if (!fill()) {
        throw new EOFException("the client hung up inside a line");
      }
    }
  }

  /** Waits for a first byte; false: the client has nothing more to say. */
  boolean awaitData() throws IOException {
    return position < limit || fill();
  }

  private boolean fill() throws IOException {
    sayContinue();
    int count = wire.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(0, count);
    return count > 0;
  }

  private void sayContinue() throws IOException {
    if (isContinueOwed) {
      isContinueOwed = false;
      byte[] line = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
      wire.write(line, 0, line.length);
    }
  }
}
