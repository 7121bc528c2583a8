package io.ossmount.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The emulator's port for tests: keys, faults, requests. */
final class EmulatorAdmin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String url;

  EmulatorAdmin(String url) {
    this.url = url;
  }

  boolean isHealthy() {
    return send("GET", "/health", Map.of()).statusCode() == 200;
  }

  void putKey(String id, String secret, String rights) {
    expectSuccess(send("PUT", "/keys/" + id, Map.of("secret", secret, "rights", rights)));
  }

  void addAnswer(String bucket, int status, String code) {
    addFault(bucket, Map.of("type", "answer", "status", status, "code", code));
  }

  void addAnswer(String bucket, String method, String keys, int status, String code) {
    addFault(
        Map.of(
            "bucket",
            bucket,
            "method",
            method,
            "key",
            keys,
            "effect",
            Map.of("type", "answer", "status", status, "code", code)));
  }

  void addDelay(String bucket, Duration duration) {
    addFault(bucket, Map.of("type", "delay", "millis", duration.toMillis()));
  }

  void clearFaults() {
    expectSuccess(send("DELETE", "/faults", Map.of()));
  }

  List<String> accessKeys(String bucket) {
    List<String> keys = new ArrayList<>();
    for (JsonNode request : requests()) {
      if (bucket.equals(request.path("bucket").asText())) {
        keys.add(request.path("accessKeyId").asText());
      }
    }
    return keys;
  }

  private JsonNode requests() {
    try {
      return JSON.readTree(send("GET", "/requests", Map.of()).body()).path("requests");
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private void addFault(String bucket, Map<String, Object> effect) {
    addFault(Map.of("bucket", bucket, "effect", effect));
  }

  private void addFault(Map<String, Object> fault) {
    expectSuccess(send("POST", "/faults", fault));
  }

  private static void expectSuccess(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError("emulator: " + response.statusCode() + " " + response.body());
    }
  }

  private HttpResponse<String> send(String method, String path, Map<String, ?> body) {
    try {
      var content =
          body.isEmpty()
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
      return http.send(
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(TIMEOUT)
              .method(method, content)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
