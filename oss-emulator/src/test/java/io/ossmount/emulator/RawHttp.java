package io.ossmount.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection on which tests say exactly what they want. */
final class RawHttp implements AutoCloseable {
  private final Socket socket;

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
  }

  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** All until the server hangs up. */
  String receiveAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** All until some text has come. */
  String receiveUntil(String end) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (true) {
      String text = received.toString(StandardCharsets.ISO_8859_1);
      if (text.contains(end)) {
        return text;
      }
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("hung up after: " + text);
      }
      received.write(next);
    }
  }

  /** Whether nothing comes for a while. */
  boolean isSilent(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(10_000);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
