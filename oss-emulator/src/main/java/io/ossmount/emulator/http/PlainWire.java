package io.ossmount.emulator.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket without TLS: files go from the page cache to the socket by sendfile. */
final class PlainWire extends Wire {
  private static final Logger log = LoggerFactory.getLogger(PlainWire.class);

  /** Bounds how long a single call goes on, so that progress is seen. */
  private static final long LARGEST_TRANSFER = 4L << 20;

  private final SocketChannel channel;

  PlainWire(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  int read(byte[] into, int offset, int length) throws IOException {
    int count = channel.read(ByteBuffer.wrap(into, offset, length));
    moved();
    return count;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
    while (left.hasRemaining()) {
      channel.write(left);
      moved();
    }
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    long done = 0;
    while (done < count) {
      long sent =
          file.transferTo(position + done, Math.min(LARGEST_TRANSFER, count - done), channel);
      if (sent <= 0) {
        throw new EOFException("the file is shorter than it should be");
      }
      done += sent;
      moved();
    }
  }

  @Override
  void endOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }

  @Override
  void prepareReset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }
}
