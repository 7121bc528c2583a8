package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import io.ossmount.emulator.http.ResponseBody;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A body whose bytes pass something on their way out. */
final class FilteredBody implements ResponseBody {
  private final ResponseBody body;
  private final UnaryOperator<BodySink> filter;

  private FilteredBody(ResponseBody body, UnaryOperator<BodySink> filter) {
    this.body = body;
    this.filter = filter;
  }

  static ResponseBody of(ResponseBody body, UnaryOperator<BodySink> filter) {
    return new FilteredBody(body, filter);
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public void sendTo(BodySink sink) throws IOException {
    body.sendTo(filter.apply(sink));
  }

  @Override
  public void close() {
    body.close();
  }
}
