package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.common.comm.SignVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresignedIT extends SingleEmulator {
  private final MovableClock clock = new MovableClock();

  @Override
  OssEmulator.Builder configure(OssEmulator.Builder builder) {
    return builder.clock(clock);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static URI url(OSS client, HttpMethod method, Duration validity) {
    return URI.create(SdkClients.presigned(client, method, "a/ü b", validity).toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V4"})
  void urlsCarryTheRight(SignVersion version) throws IOException, InterruptedException {
    OSS client = SdkClients.client(emulator, version);
    URI put = url(client, HttpMethod.PUT, Duration.ofMinutes(1));
    assertThat(
            send(HttpRequest.newBuilder(put).PUT(HttpRequest.BodyPublishers.ofString("hello")))
                .statusCode())
        .isEqualTo(200);
    URI get = url(client, HttpMethod.GET, Duration.ofMinutes(1));
    assertThat(send(HttpRequest.newBuilder(get)).body()).isEqualTo("hello");
    HttpResponse<String> wrong = send(HttpRequest.newBuilder(get).DELETE());
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(wrong.body()).contains("<Code>SignatureDoesNotMatch</Code>");
    client.shutdown();
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V4"})
  void urlsExpire(SignVersion version) throws IOException, InterruptedException {
    OSS client = SdkClients.client(emulator, version);
    URI get = url(client, HttpMethod.GET, Duration.ofMinutes(1));
    clock.setAhead(Duration.ofMinutes(2));
    HttpResponse<String> expired = send(HttpRequest.newBuilder(get));
    assertThat(expired.statusCode()).isEqualTo(403);
    assertThat(expired.body()).contains("Request has expired");
    client.shutdown();
  }
}
