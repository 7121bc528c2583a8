package io.ossmount.csi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code GET /healthz}: 200 while the plugin serves, 503 with the reason while it does not. */
final class HealthEndpoint implements AutoCloseable {
  /** Unless HEALTH_PORT says otherwise. */
  static final int DEFAULT_PORT = 9403;

  private static final int BACKLOG = 16;

  private final Supplier<Optional<String>> trouble;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /**
   * Answers from now on.
   *
   * @param port to listen on; 0 for a free one
   * @param trouble why the plugin does not serve; empty when it does
   */
  HealthEndpoint(int port, Supplier<Optional<String>> trouble) throws IOException {
    this.trouble = trouble;
    server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/healthz", this::answer);
    server.start();
  }

  /** {@code GET path}: a line for each of what there is at the time of the request. */
  void list(String path, Supplier<List<String>> lines) {
    server.createContext(path, exchange -> send(exchange, 200, String.join("\n", lines.get())));
  }

  /** {@code GET path}: metrics in Prometheus' text format 0.0.4. */
  void metrics(String path, Supplier<String> text) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          send(exchange, 200, text.get());
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var reason = trouble.get();
    send(exchange, reason.isPresent() ? 503 : 200, reason.orElse("ok"));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      var body = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
