package io.ossmount.cache.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ossmount.cache.supervise.Supervised;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Answers kubelet's probes, {@code /healthz} and {@code /readyz}, and Prometheus' {@code /metrics}.
 */
public final class HealthServer implements AutoCloseable {
  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What {@code /metrics} answers.
   *
   * @param contentType of what {@code content} writes
   */
  public record Exposition(String contentType, Content content) {
    /** Writes it as it is now. */
    @FunctionalInterface
    public interface Content {
      /** Writes all of it; leaves {@code out} open. */
      void writeTo(OutputStream out) throws IOException;
    }
  }

  /**
   * Serves at once.
   *
   * @param address port 0: any that is free
   */
  public HealthServer(InetSocketAddress address, BooleanSupplier ready, Exposition metrics)
      throws IOException {
    server = HttpServer.create(address, BACKLOG);
    server.setExecutor(threads);
    server.createContext("/healthz", exchange -> answer(exchange, true));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    server.createContext("/metrics", exchange -> answer(exchange, metrics));
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Whole or not at all: what fails on the way has no status yet. */
  private static void answer(HttpExchange exchange, Exposition metrics) throws IOException {
    try (exchange) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      metrics.content().writeTo(body);
      exchange.getResponseHeaders().set("Content-Type", metrics.contentType());
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, body.size());
      body.writeTo(exchange.getResponseBody());
    }
  }

  private static void answer(HttpExchange exchange, boolean isGood) throws IOException {
    String restarts = "restarts of the server: " + Supervised.ofThisProcess().restarts() + "\n";
    byte[] body = ((isGood ? "ok\n" : "not ok\n") + restarts).getBytes(StandardCharsets.US_ASCII);
    try (exchange) {
      exchange.sendResponseHeaders(
          isGood ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
