package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.aliyun.oss.HttpMethod;
import io.ossmount.emulator.api.Operation;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What clients do on the wire that the SDK does not. */
class HttpIT extends SingleEmulator {
  private String target(String method, String key) {
    return SdkClients.presigned(oss, HttpMethod.valueOf(method), key, Duration.ofMinutes(1))
        .getFile();
  }

  private RawHttp connect() throws IOException {
    return new RawHttp(emulator.port());
  }

  @Test
  void bodiesMayComeInChunks() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT " + target("PUT", "k") + " HTTP/1.1\r\nHost: x\r\n")
          .send("Transfer-Encoding: chunked\r\n\r\n")
          .send("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: 1\r\n\r\n");
      assertThat(http.receiveUntil("keep-alive\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
    assertThat(get(oss, "k")).asString().isEqualTo("hello world");
  }

  @Test
  void theServerAsksForTheBodyOnceItWantsIt() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT " + target("PUT", "k") + " HTTP/1.1\r\nHost: x\r\n")
          .send("Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(http.receiveUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      http.send("ok");
      assertThat(http.receiveUntil("keep-alive\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
    try (RawHttp http = connect()) {
      http.send("PUT /bucket/k HTTP/1.1\r\nHost: x\r\n")
          .send("Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(http.receiveAll())
          .startsWith("HTTP/1.1 403")
          .contains("Connection: close", "Anonymous access is forbidden")
          .doesNotContain("100 Continue");
    }
  }

  @Test
  void requestsMayFollowEachOtherAtOnce() throws IOException {
    put("k", new byte[] {'A'});
    String request = "GET " + target("GET", "k") + " HTTP/1.1\r\nHost: x\r\n";
    try (RawHttp http = connect()) {
      http.send(request + "\r\n" + request + "Connection: close\r\n\r\n");
      assertThat(http.receiveAll().split("HTTP/1.1 200", -1)).hasSize(3);
    }
  }

  @Test
  void aRefusedBodyIsDrainedAndTheConnectionGoesOn() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT /bucket/k HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n")
          .send("x".repeat(50_000))
          .send("GET /bucket/k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(http.receiveAll().split("HTTP/1.1 403", -1)).hasSize(3);
    }
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT " + target("PUT", "k") + " HTTP/1.1\r\nHost: x\r\n")
          .send("Content-Length: 1000\r\n\r\n")
          .send("only this");
      assertThat(http.isSilent(200)).isTrue();
    }
    await()
        .untilAsserted(() -> {
          assertThat(emulator.buckets().bytesOnDisk()).isZero();
          assertThat(emulator.requests().of(Operation.PUT_OBJECT))
              .singleElement()
              .satisfies(request -> assertThat(request.status()).isZero());
        });
    assertThat(oss.doesObjectExist(BUCKET, "k")).isFalse();
  }

  @Test
  void nonsenseIsRefused() throws IOException {
    for (String wrong :
        new String[] {
          "hello\r\n\r\n",
          "GET / HTTP/2\r\n\r\n",
          "GET / HTTP/1.1\r\nno header\r\n\r\n",
          "PUT /bucket/k HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "PUT /bucket/k HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "GET /?x=%zz HTTP/1.1\r\n\r\n",
          "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n"
        }) {
      try (RawHttp http = connect()) {
        assertThat(http.send(wrong).receiveAll()).as(wrong).startsWith("HTTP/1.1 400");
      }
    }
    try (RawHttp http = connect()) {
      http.send("GET /bucket/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(http.receiveAll()).contains("<Code>InvalidURI</Code>");
    }
  }

  @Test
  void aLengthMustBeGiven() throws IOException {
    try (RawHttp http = connect()) {
      http.send("PUT " + target("PUT", "k") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(http.receiveAll()).startsWith("HTTP/1.1 411").contains("MissingContentLength");
    }
  }
}
