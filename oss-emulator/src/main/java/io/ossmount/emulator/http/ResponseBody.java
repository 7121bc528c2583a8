package io.ossmount.emulator.http;

import java.io.IOException;

/** The body of an answer: its length is known, its bytes are made as they are sent. */
public interface ResponseBody {
  /** No bytes. */
  ResponseBody NONE = of(new byte[0]);

  /** Bytes that {@link #sendTo} sends if nothing goes wrong. */
  long length();

  /** Sends all; called at most once. */
  void sendTo(BodySink sink) throws IOException;

  /** Lets go of what it holds; called once, whether it was sent or not. */
  default void close() {}

  /** Bytes in memory. */
  static ResponseBody of(byte[] bytes) {
    return new ResponseBody() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void sendTo(BodySink sink) throws IOException {
        sink.write(bytes, 0, bytes.length);
      }
    };
  }
}
