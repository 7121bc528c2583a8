package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.store.ObjectReader;
import java.io.IOException;

/** A range of an object, which it holds until it is closed. */
final class ObjectBody implements ResponseBody {
  private final ObjectReader reader;
  private final long offset;
  private final long length;

  ObjectBody(ObjectReader reader, long offset, long length) {
    this.reader = reader;
    this.offset = offset;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void sendTo(BodySink sink) throws IOException {
    reader.transfer(offset, length, sink::transfer);
  }

  @Override
  public void close() {
    reader.close();
  }
}
