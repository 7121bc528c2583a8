package io.ossmount.emulator.http;

import java.io.IOException;

/** Answers requests; called by many threads at once. */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers one.
   *
   * @throws HangUp ends the connection instead
   * @throws IOException the client is gone, or what it sent cannot be read
   */
  HttpResponse handle(HttpRequest request) throws IOException;
}
