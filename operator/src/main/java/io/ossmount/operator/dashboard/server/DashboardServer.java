package io.ossmount.operator.dashboard.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.operator.dashboard.page.Layout;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the pages by HTTPS. At most {@value #AT_A_TIME} requests are worked on at a time; {@link
 * HttpLimits} bounds connections and their times.
 */
final class DashboardServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);
  private static final int BACKLOG = 64;
  private static final int AT_A_TIME = 32;
  private static final int WAIT_SECONDS = 5;
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** Nothing comes from elsewhere, nothing goes elsewhere, and no page is put into another's. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Frame-Options",
          "DENY",
          "X-Content-Type-Options",
          "nosniff",
          // "no-referrer" would have browsers hide the origin of our own forms.
          "Referrer-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()",
          "Cache-Control",
          "no-store");

  private final Routes routes;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_A_TIME);

  /** Serves at once. Port 0 is any that is free. */
  DashboardServer(InetSocketAddress address, SSLContext tls, Routes routes) throws IOException {
    this.routes = routes;
    server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Response answer(HttpExchange exchange) throws IOException, InterruptedException {
    if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
      return problem(Response.UNAVAILABLE, "Busy", "Too many pages are asked for at a time.");
    }
    try {
      return answer(request(exchange));
    } catch (Request.Malformed e) {
      return problem(Response.BAD_REQUEST, "Not understood", "The request is " + e.getMessage());
    } catch (KubernetesClientException e) {
      LOG.warn("Kubernetes does not answer the dashboard: {}", e.getMessage());
      return problem(
          Response.UNAVAILABLE, "No answer", "The API server of Kubernetes does not answer.");
    } catch (RuntimeException e) {
      LOG.error("A page of the dashboard failed", e);
      return problem(Response.FAILED, "Failed", "The log of the operator tells why.");
    } finally {
      places.release();
    }
  }

  private Response answer(Request request) {
    return switch (routes.of(request.method(), request.path())) {
      case Routes.Meaning.Page(var handler, var variables) -> handler.answer(request, variables);
      case Routes.Meaning.OtherMethod _ ->
          problem(Response.METHOD_NOT_ALLOWED, "Not so", "The page is not for this method.");
      case Routes.Meaning.Nothing _ ->
          problem(Response.NOT_FOUND, "Not found", "There is no such page.");
    };
  }

  private static Request request(HttpExchange exchange) throws IOException, Request.Malformed {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), values.isEmpty() ? "" : values.getFirst()));
    var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new Request.Malformed("too long");
    }
    return Request.of(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        exchange.getRequestURI().getRawQuery(),
        exchange.getRequestMethod().equals("POST")
            ? new String(body, StandardCharsets.US_ASCII)
            : "",
        headers,
        exchange.getRemoteAddress().getAddress().getHostAddress());
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    HEADERS.forEach(exchange.getResponseHeaders()::set);
    response.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", response.contentType());
    boolean hasBody = !exchange.getRequestMethod().equals("HEAD") && response.body().length > 0;
    exchange.sendResponseHeaders(response.status(), hasBody ? response.body().length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(response.body());
    }
  }

  private static Response problem(int status, String title, String what) {
    return Response.html(status, Layout.problem(title, what, null));
  }
}
