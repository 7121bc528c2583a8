package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthServerIT {
  @Test
  void probesSeeWhatIs() throws IOException, InterruptedException {
    // given
    var ready = new AtomicBoolean();
    try (var server = new HealthServer(0, () -> true, ready::get)) {
      // then
      assertThat(get(server, "/healthz")).isEqualTo(200);
      assertThat(get(server, "/readyz")).isEqualTo(503);
      ready.set(true);
      assertThat(get(server, "/readyz")).isEqualTo(200);
      assertThat(get(server, "/other")).isEqualTo(404);
    }
  }

  private static int get(HealthServer server, String path)
      throws IOException, InterruptedException {
    var uri = URI.create("http://localhost:" + server.port() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }
}
