package io.ossmount.emulator.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of one connection, one after the other. */
final class HttpConnection {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_HEADERS = 200;

  /** What is read of an unwanted body in the hope of keeping the connection. */
  private static final int MOST_DRAINED = 256 * 1024;

  /** What is read after a final answer, so that the client sees the answer and not a reset. */
  private static final int MOST_LINGERED = 16 * 1024 * 1024;

  private final Wire wire;
  private final WireInput input;
  private final HttpHandler handler;

  HttpConnection(Wire wire, HttpHandler handler) {
    this.wire = wire;
    this.input = new WireInput(wire);
    this.handler = handler;
  }

  /** Serves until either side has had enough. */
  void serve() {
    try {
      boolean isOpen = true;
      while (isOpen && input.awaitData()) {
        isOpen = serveOne();
      }
    } catch (HangUp e) {
      if (e.isReset()) {
        wire.prepareReset();
      }
    } catch (IOException e) {
      log.debug("connection ended: {}", e.toString());
    } finally {
      wire.close();
    }
  }

  private boolean serveOne() throws IOException {
    HttpRequest request;
    try {
      request = readHead();
    } catch (MalformedRequestException e) {
      refuse(e);
      return false;
    }
    HttpResponse response;
    try {
      response = handler.handle(request);
    } catch (MalformedRequestException e) {
      refuse(e);
      return false;
    }
    try {
      boolean keepsOpen = !request.headers().is("connection", "close") && drain(request.body());
      send(request, response, keepsOpen);
      if (!keepsOpen) {
        linger();
      }
      return keepsOpen;
    } finally {
      response.body().close();
    }
  }

  private HttpRequest readHead() throws IOException {
    String line = input.readLine(LONGEST_LINE);
    if (line.isEmpty()) { // a robust server ignores an empty line before a request
      line = input.readLine(LONGEST_LINE);
    }
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new MalformedRequestException("not an HTTP/1.1 request line");
    }
    HttpHeaders headers = readHeaders();
    String target = words[1];
    String host = headers.get("host").orElse("");
    if (!target.startsWith("/")) { // a client that takes us for its proxy sends the whole URL
      URI uri = uriOf(target);
      host = Optional.ofNullable(uri.getRawAuthority()).orElse(host);
      target = target.substring(target.indexOf(host) + host.length());
      target = target.startsWith("/") ? target : "/" + target;
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    Query query = Query.parse(question < 0 ? "" : target.substring(question + 1));
    return new HttpRequest(
        words[0].toUpperCase(Locale.ROOT), host, path, query, headers, bodyOf(headers));
  }

  private static URI uriOf(String target) {
    try {
      return URI.create(target);
    } catch (IllegalArgumentException e) {
      throw new MalformedRequestException("bad request target");
    }
  }

  private HttpHeaders readHeaders() throws IOException {
    HttpHeaders headers = new HttpHeaders();
    for (int i = 0; i <= MOST_HEADERS; i++) {
      String line = input.readLine(LONGEST_LINE);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new MalformedRequestException("bad header");
      }
      headers.add(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    throw new MalformedRequestException("too many headers");
  }

  private RequestBody bodyOf(HttpHeaders headers) {
    input.oweContinue(headers.is("expect", "100-continue"));
    if (headers.is("transfer-encoding", "chunked")) {
      return new ChunkedBody(input);
    }
    Optional<String> length = headers.get("content-length");
    try {
      long bytes = length.map(Long::parseLong).orElse(0L);
      if (bytes < 0) {
        throw new MalformedRequestException("bad Content-Length");
      }
      return new FixedBody(input, bytes, length.isPresent());
    } catch (NumberFormatException e) {
      throw new MalformedRequestException("bad Content-Length");
    }
  }

  /** Whether the next thing to read is the next request. */
  private boolean drain(RequestBody body) throws IOException {
    if (body.isAtEnd()) {
      input.oweContinue(false);
      return true;
    }
    if (input.isContinueOwed()
        || body.length().orElse(0) - body.received().getAsLong() > MOST_DRAINED) {
      return false;
    }
    byte[] dropped = new byte[16 * 1024];
    for (int total = 0; total < MOST_DRAINED; ) {
      int count = body.receive(dropped, 0, dropped.length);
      if (count < 0) {
        return true;
      }
      total += count;
    }
    return body.isAtEnd();
  }

  private void send(HttpRequest request, HttpResponse response, boolean keepsOpen)
      throws IOException {
    StringBuilder head = new StringBuilder(512).append("HTTP/1.1 ").append(response.status());
    head.append(' ').append(Reason.of(response.status())).append("\r\n");
    for (Map.Entry<String, String> header : response.headers().entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    boolean mayHaveBody = response.status() != 204 && response.status() != 304;
    if (mayHaveBody) {
      head.append("Content-Length: ").append(response.body().length()).append("\r\n");
    }
    head.append("Date: ").append(HttpDate.format(Instant.now())).append("\r\nConnection: ");
    head.append(keepsOpen ? "keep-alive" : "close").append("\r\n\r\n");
    byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    wire.write(bytes, 0, bytes.length);
    if (mayHaveBody && !request.method().equals("HEAD") && response.body().length() > 0) {
      response.body().sendTo(wire);
    }
  }

  private void refuse(MalformedRequestException e) throws IOException {
    byte[] text = (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            + "Content-Length: %d\r\n\r\n".formatted(text.length);
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    wire.write(bytes, 0, bytes.length);
    wire.write(text, 0, text.length);
    linger();
  }

  private void linger() throws IOException {
    wire.endOutput();
    byte[] dropped = new byte[16 * 1024];
    for (int total = 0; total < MOST_LINGERED; ) {
      int count = wire.read(dropped, 0, dropped.length);
      if (count < 0) {
        return;
      }
      total += count;
    }
  }
}
