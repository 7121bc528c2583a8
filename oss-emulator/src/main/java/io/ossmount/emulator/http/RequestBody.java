package io.ossmount.emulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The body of a request, decoded from its transfer coding. Asks the client to go on (status 100) at
 * the first read. Used by the connection's thread only; the count may be read by others.
 */
public abstract class RequestBody extends InputStream {
  private final AtomicLong received = new AtomicLong();

  RequestBody() {}

  /** How long it is; empty when it comes in chunks. */
  public abstract OptionalLong length();

  /** Tells how many bytes were read so far; holds on to nothing else of the request. */
  public LongSupplier received() {
    return received::get;
  }

  abstract int receive(byte[] into, int offset, int length) throws IOException;

  /** Whether all was read. */
  abstract boolean isAtEnd();

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count;
    try {
      count = receive(into, offset, length);
    } catch (IOException e) {
      throw new HangUp(e);
    }
    received.addAndGet(Math.max(0, count));
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
