package io.ossmount.emulator.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket with TLS; the handshake happens at the first read. */
final class TlsWire extends Wire {
  private static final Logger log = LoggerFactory.getLogger(TlsWire.class);

  private final SocketChannel channel;
  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;

  TlsWire(SocketChannel channel, SSLContext context) throws IOException {
    this.channel = channel;
    this.socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(channel.socket(), InputStream.nullInputStream(), true);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  @Override
  int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    moved();
    return count;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    moved();
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    byte[] chunk = new byte[(int) Math.min(count, 64 * 1024)];
    long done = 0;
    while (done < count) {
      int wanted = (int) Math.min(chunk.length, count - done);
      int got = file.read(ByteBuffer.wrap(chunk, 0, wanted), position + done);
      if (got <= 0) {
        throw new EOFException("the file is shorter than it should be");
      }
      write(chunk, 0, got);
      done += got;
    }
  }

  @Override
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }

  @Override
  void prepareReset() {
    try {
      channel.socket().setSoLinger(true, 0);
      channel.close(); // before TLS can say goodbye
    } catch (SocketException e) {
      log.trace("already gone", e);
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      log.trace("already gone", e);
    }
  }
}
