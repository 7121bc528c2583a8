package io.ossmount.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A registry in memory: the part of the OCI distribution API that a push asks for. The bodies of
 * blobs are counted and dropped.
 */
final class RegistryServer implements AutoCloseable {
  private final Map<String, Long> blobs = new ConcurrentHashMap<>();
  private final Map<String, Long> uploads = new ConcurrentHashMap<>();
  private final Map<String, String> manifests = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpsServer server;

  /** With a certificate that nobody knows, made in {@code directory}. */
  RegistryServer(Path directory) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(directory.resolve("registry.p12"))));
    server.setExecutor(threads);
    server.createContext("/v2/", this::answer);
    server.start();
  }

  private static SSLContext tls(Path keyStore) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    var options = "-genkeypair -alias registry -keyalg EC -dname CN=registry -storepass changeit";
    var command = new ArrayList<>(List.of(keytool, "-keystore", keyStore.toString()));
    command.addAll(List.of(options.split(" ")));
    Command.run(command);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    var password = "changeit".toCharArray();
    keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  int port() {
    return server.getAddress().getPort();
  }

  Set<String> blobs() {
    return blobs.keySet();
  }

  String manifest(String repository, String tag) {
    return manifests.getOrDefault("/v2/" + repository + "/manifests/" + tag, "");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var path = exchange.getRequestURI().getPath();
      var digest = path.substring(path.lastIndexOf('/') + 1);
      switch (exchange.getRequestMethod()) {
        case "HEAD" -> exchange.sendResponseHeaders(blobs.containsKey(digest) ? 200 : 404, -1);
        case "POST" -> accept(exchange, 202, path.replaceFirst("/$", "") + "/" + uploads.size());
        case "PATCH" -> {
          uploads.put(path, (long) body.length);
          accept(exchange, 202, path);
        }
        case "PUT" -> finish(exchange, path, new String(body, UTF_8));
        default -> exchange.sendResponseHeaders(200, -1);
      }
    }
  }

  private void finish(HttpExchange exchange, String path, String body) throws IOException {
    if (path.contains("/manifests/")) {
      manifests.put(path, body);
    } else {
      var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
      blobs.put(query.replaceFirst(".*digest=", ""), uploads.getOrDefault(path, 0L));
    }
    accept(exchange, 201, path);
  }

  private static void accept(HttpExchange exchange, int status, String location)
      throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(status, -1);
  }
}
