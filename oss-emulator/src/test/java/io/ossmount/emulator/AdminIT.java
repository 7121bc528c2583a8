package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ossmount.emulator.admin.AdminService;
import io.ossmount.emulator.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminIT extends SingleEmulator {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer admin;

  @SuppressWarnings("NullAway.Init") // set before each test
  AdminIT() {}

  @BeforeEach
  void startAdmin() throws IOException {
    admin =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            new AdminService(emulator.requests(), emulator.faults(), emulator.keys()));
  }

  @AfterEach
  void stopAdmin() {
    http.close();
    admin.close();
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = send(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  @Test
  void healthIsTold() throws IOException, InterruptedException {
    assertThat(json("GET", "/health", "").path("status").asText()).isEqualTo("ok");
  }

  @Test
  void requestsAreShownAndForgotten() throws IOException, InterruptedException {
    put("a/k", new byte[7]);
    get(oss, "a/k");
    JsonNode all = json("GET", "/requests?operation=GetObject", "").path("requests");
    assertThat(all).hasSize(1);
    assertThat(all.path(0).path("key").asText()).isEqualTo("a/k");
    assertThat(all.path(0).path("bytesOut").asLong()).isEqualTo(7);
    assertThat(all.path(0).path("status").asInt()).isEqualTo(200);
    assertThat(all.path(0).path("accessKeyId").asText()).isEqualTo(SdkClients.ID);
    assertThat(send("DELETE", "/requests", "").statusCode()).isEqualTo(204);
    assertThat(json("GET", "/requests", "").path("requests")).isEmpty();
  }

  @Test
  void everyEffectCanBeAskedForAndIsShownAsItWasAsked() throws IOException, InterruptedException {
    String[] effects = {
      "{\"type\":\"answer\",\"status\":503,\"code\":\"SlowDown\",\"message\":\"m\"}",
      "{\"type\":\"delay\",\"millis\":5}",
      "{\"type\":\"slow-body\",\"bytesPerSecond\":6}",
      "{\"type\":\"cut-body\",\"bytes\":7,\"reset\":true}",
      "{\"type\":\"reset\",\"carriedOut\":true}",
      "{\"type\":\"flip-bit\",\"offset\":8}",
      "{\"type\":\"wrong-crc\"}"
    };
    ObjectMapper mapper = new ObjectMapper();
    for (String effect : effects) {
      String rule =
          "{\"operation\":\"UploadPart\",\"method\":\"PUT\",\"bucket\":\"b\",\"key\":\"k*\","
              + "\"from\":2,\"times\":3,\"probability\":0.5,\"effect\":"
              + effect
              + "}";
      int id = json("POST", "/faults", rule).path("id").asInt();
      JsonNode shown = json("GET", "/faults", "").path("faults").path(0);
      assertThat(shown.path("effect")).isEqualTo(mapper.readTree(effect));
      assertThat(shown.path("operation").asText()).isEqualTo("UploadPart");
      assertThat(shown.path("key").asText()).isEqualTo("k*");
      assertThat(shown.path("times").asInt()).isEqualTo(3);
      assertThat(send("DELETE", "/faults/" + id, "").statusCode()).isEqualTo(204);
      assertThat(send("DELETE", "/faults/" + id, "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aFaultStrikes() throws IOException, InterruptedException {
    json("POST", "/faults", "{\"effect\":{\"type\":\"answer\",\"status\":503,\"code\":\"X\"}}");
    assertThat(code(() -> oss.listObjectsV2(BUCKET))).isEqualTo("X");
    assertThat(json("GET", "/faults", "").path("faults").path(0).path("hits").asInt()).isEqualTo(1);
    send("DELETE", "/faults", "");
    oss.listObjectsV2(BUCKET);
  }

  @Test
  void keysAreAddedChangedAndRevoked() throws IOException, InterruptedException {
    json("PUT", "/keys/" + SdkClients.ID, "{\"rights\":\"read-only\",\"prefix\":\"a/\"}");
    assertThat(code(() -> put("a/k", new byte[1]))).isEqualTo("AccessDenied");
    JsonNode key = json("PUT", "/keys/" + SdkClients.ID, "{\"rights\":\"full\"}");
    assertThat(key.path("prefix").asText()).isEqualTo("a/");
    put("a/k", new byte[1]);
    assertThat(code(() -> put("b/k", new byte[1]))).isEqualTo("AccessDenied");
    json("PUT", "/keys/" + SdkClients.ID, "{\"enabled\":false}");
    assertThat(code(() -> get(oss, "a/k"))).isEqualTo("InvalidAccessKeyId");
    json("PUT", "/keys/new", "{\"secret\":\"hidden\",\"securityToken\":\"hidden\"}");
    String shown = send("GET", "/keys", "").body();
    assertThat(shown).contains("\"new\"").doesNotContain("hidden", SdkClients.SECRET);
    assertThat(send("DELETE", "/keys/new", "").statusCode()).isEqualTo(204);
    assertThat(emulator.keys().find("new")).isEmpty();
  }

  @Test
  void mistakesAreExplained() throws IOException, InterruptedException {
    String[][] mistakes = {
      {"POST", "/faults", "{}", "effect"},
      {"POST", "/faults", "{\"efect\":1}", "efect"},
      {"POST", "/faults", "{\"effect\":{\"type\":\"x\"}}", "no effect"},
      {"POST", "/faults", "{\"from\":\"1\",\"effect\":{\"type\":\"delay\"}}", "whole number"},
      {"POST", "/faults", "{\"operation\":\"X\",\"effect\":{\"type\":\"delay\"}}", "operation X"},
      {"POST", "/faults", "[", "end"},
      {"POST", "/faults", "7", "object"},
      {"PUT", "/keys/x", "{}", "secret"},
      {"PUT", "/keys/x", "{\"secret\":\"s\",\"rights\":\"all\"}", "read-only"},
      {"GET", "/requests?operation=X", "", "operation X"},
      {"DELETE", "/faults/x", "", "x"},
    };
    for (String[] each : mistakes) {
      HttpResponse<String> response = send(each[0], each[1], each[2]);
      assertThat(response.statusCode()).as(each[2]).isEqualTo(400);
      assertThat(response.body()).contains(each[3]);
    }
    assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(404);
  }
}
