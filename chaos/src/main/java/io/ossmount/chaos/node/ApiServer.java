package io.ossmount.chaos.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in for the API server: answers what the node plugin asks of one OssMount that never
 * changes, so that the real plugin runs without a cluster.
 */
final class ApiServer implements AutoCloseable {
  private static final String OSS_MOUNT =
      """
      {"apiVersion": "ossmount.io/v1alpha1", "kind": "OssMount",
       "metadata": {"namespace": "%s", "name": "%s", "uid": "%s", "resourceVersion": "1"},
       "spec": {"bucket": "%s", "endpoint": "http://localhost", "region": "cn-emulator",
                "secretRef": {"name": "keys"}},
       "status": {"cachePods": [{"node": "%s", "name": "%s", "uid": "%s"}]}}
      """
          .formatted(
              Names.NAMESPACE,
              Names.OSS_MOUNT,
              Names.OSS_MOUNT_UID,
              Names.BUCKET,
              Names.NODE,
              Names.CACHE_POD,
              Names.CACHE_POD_UID);

  private static final String LIST =
      """
      {"apiVersion": "ossmount.io/v1alpha1", "kind": "OssMountList", "metadata": {"resourceVersion": "1"}, "items": [%s]}
      """
          .formatted(OSS_MOUNT);

  private static final String NO_PODS =
      """
      {"apiVersion": "v1", "kind": "PodList", "metadata": {"resourceVersion": "1"}, "items": []}
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private ApiServer(HttpServer server) {
    this.server = server;
  }

  /** Starts it on a free port. */
  static ApiServer start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var api = new ApiServer(server);
    server.setExecutor(api.threads);
    server.createContext("/", ApiServer::answer);
    server.start();
    return api;
  }

  /** Writes what KUBECONFIG names. */
  void writeConfiguration(Path file) throws IOException {
    Files.writeString(
        file,
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "chaos",
         "contexts": [{"name": "chaos", "context": {"cluster": "chaos", "user": "chaos"}}],
         "clusters": [{"name": "chaos", "cluster": {"server": "http://127.0.0.1:%d"}}],
         "users": [{"name": "chaos", "user": {}}]}
        """
            .formatted(server.getAddress().getPort()));
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var isWatch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
      if (isWatch) {
        // Nothing ever happens; the client asks again after a while.
        send(exchange, 200, "");
      } else if (path.endsWith("/ossmounts/" + Names.OSS_MOUNT)) {
        send(exchange, 200, OSS_MOUNT);
      } else if (path.endsWith("/ossmounts")) {
        send(exchange, 200, LIST);
      } else if (path.endsWith("/pods")) {
        send(exchange, 200, NO_PODS);
      } else if (path.endsWith("/events") && exchange.getRequestMethod().equals("POST")) {
        send(
            exchange,
            201,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      } else {
        send(exchange, 404, "{\"kind\": \"Status\", \"code\": 404}");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
