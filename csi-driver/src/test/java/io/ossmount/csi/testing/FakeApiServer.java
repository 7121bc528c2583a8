package io.ossmount.csi.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** The little of an API server that the node plugin asks for, over HTTP. */
public final class FakeApiServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Event> events = new ConcurrentHashMap<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private volatile String pods = "[]";

  /** Listens at a free port. */
  public FakeApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/v1/pods", this::listPods);
    server.createContext("/api/v1/namespaces/", this::event);
    server.start();
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The pods that there are: a JSON list. */
  public void setPods(String pods) {
    this.pods = pods;
  }

  /** The Events that were written, by name. */
  public Map<String, Event> events() {
    return Map.copyOf(events);
  }

  /** The queries of the lists that were asked for. */
  public List<String> questions() {
    return List.copyOf(questions);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void listPods(HttpExchange exchange) throws IOException {
    questions.add(exchange.getRequestURI().getQuery());
    answer(
        exchange,
        HttpURLConnection.HTTP_OK,
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":" + pods + "}");
  }

  private void event(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var name = path.substring(path.lastIndexOf('/') + 1);
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        var event = Serialization.unmarshal(exchange.getRequestBody(), Event.class);
        var known = events.putIfAbsent(event.getMetadata().getName(), event);
        answer(
            exchange,
            known == null ? HttpURLConnection.HTTP_CREATED : HttpURLConnection.HTTP_CONFLICT,
            Serialization.asJson(event));
      }
      case "GET" -> answer(exchange, HttpURLConnection.HTTP_OK, json(name));
      case "PATCH" -> {
        var patch = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        events.computeIfPresent(
            name,
            (_, event) -> {
              if (patch.contains("/count")) {
                event.setCount(event.getCount() + 1);
              }
              return event;
            });
        answer(exchange, HttpURLConnection.HTTP_OK, json(name));
      }
      default -> answer(exchange, HttpURLConnection.HTTP_BAD_METHOD, "{}");
    }
  }

  private String json(String name) {
    return Serialization.asJson(events.get(name));
  }

  private static void answer(HttpExchange exchange, int code, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
