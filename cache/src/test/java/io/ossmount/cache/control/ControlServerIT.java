package io.ossmount.cache.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.ossmount.cache.block.BlockCache.CacheUsage;
import io.ossmount.cache.control.CacheControlService.PodStatus;
import io.ossmount.cache.control.CacheControlService.SessionReport;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asks over sockets, as the operator and kubelet do. */
@Timeout(60)
class ControlServerIT {
  @TempDir Path podDirectory;
  @TempDir Path clientDirectory;
  private final Certificates authority = new Certificates("authority");
  private Optional<ControlServer> server = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    authority.write(podDirectory, "cache-pod");
    PodStatus status =
        new PodStatus(
            "hash",
            new StoreHealth(
                "ListDenied", "may not list", Optional.of(Instant.ofEpochSecond(5, 6)), false),
            List.of(new SessionReport("s-1", "volume", 3)),
            new CacheUsage(1, 2, 3, 4, 5),
            new PendingReport(
                7,
                2,
                Optional.of(Instant.ofEpochSecond(8)),
                1,
                Optional.of(new PendingReport.Both("a", "a.conflict", Instant.ofEpochSecond(9)))),
            Optional.of(new ResetReport("2026", 7, "", Optional.of(Instant.ofEpochSecond(8)))),
            List.of(
                new NestedHealth(
                    "labels",
                    new StoreHealth("BucketNotFound", "no such bucket", Optional.empty(), false))));
    server =
        Optional.of(ControlServer.start(podDirectory, 0, new CacheControlService(() -> status)));
  }

  @AfterEach
  void stop() {
    server.orElseThrow().close();
  }

  @Test
  void the_operator_is_answered() throws Exception {
    GetStatusResponse response = ask(tls("ossmount-operator", authority));

    assertThat(response.getConfigurationHash()).isEqualTo("hash");
    assertThat(response.getStore().getReason()).isEqualTo("ListDenied");
    assertThat(response.getStore().getMessage()).isEqualTo("may not list");
    assertThat(response.getMountsList()).hasSize(1);
    assertThat(response.getMounts(0).getPath()).isEqualTo("labels");
    assertThat(response.getMounts(0).getStore().getReason()).isEqualTo("BucketNotFound");
    assertThat(response.getStore().getChecked().getSeconds()).isEqualTo(5);
    assertThat(response.getSessions(0).getVolume()).isEqualTo("volume");
    assertThat(response.getSessions(0).getOpenFiles()).isEqualTo(3);
    assertThat(response.getCache().getCapacityBytes()).isEqualTo(1);
    assertThat(response.getCache().getFetchedBytes()).isEqualTo(5);
    assertThat(response.getReset().getValue()).isEqualTo("2026");
    assertThat(response.getReset().getDroppedBytes()).isEqualTo(7);
    assertThat(response.getReset().getFinished().getSeconds()).isEqualTo(8);
    assertThat(response.getPending().getBytes()).isEqualTo(7);
    assertThat(response.getPending().getObjects()).isEqualTo(2);
    assertThat(response.getPending().getOldest().getSeconds()).isEqualTo(8);
    assertThat(response.getPending().getLastConflict().getKept()).isEqualTo("a.conflict");
  }

  @Test
  void another_cache_pod_is_refused() {
    assertThat(statusOf(() -> ask(tls("cache-pod", authority))))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void a_certificate_of_another_authority_is_refused() {
    Certificates stranger = new Certificates("authority");

    assertThat(statusOf(() -> ask(tls("ossmount-operator", stranger))))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void nobody_is_answered_without_a_certificate() {
    assertThat(statusOf(() -> ask(trusting(TlsChannelCredentials.newBuilder()))))
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(statusOf(() -> ask(InsecureChannelCredentials.create())))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void renewed_certificates_are_taken_without_a_restart() throws Exception {
    Certificates renewed = new Certificates("renewed");
    renewed.write(podDirectory, "cache-pod");
    for (String file : List.of("ca.crt", "tls.crt", "tls.key")) {
      Files.setLastModifiedTime(
          podDirectory.resolve(file), FileTime.from(Instant.now().plusSeconds(60)));
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreException(StatusRuntimeException.class)
        .until(() -> ask(tls("ossmount-operator", renewed)).getConfigurationHash().equals("hash"));
  }

  @Test
  void probes_and_metrics_are_answered() throws Exception {
    AtomicBoolean ready = new AtomicBoolean();
    var metrics =
        new HealthServer.Exposition("text/x-test", out -> out.write("figures".getBytes(UTF_8)));
    try (HealthServer health =
        new HealthServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ready::get, metrics)) {
      assertThat(get(health.port(), "/healthz")).isEqualTo(200);
      assertThat(get(health.port(), "/readyz")).isEqualTo(503);

      ready.set(true);

      assertThat(get(health.port(), "/readyz")).isEqualTo(200);
      URI metricsPage = URI.create("http://127.0.0.1:" + health.port() + "/metrics");
      URLConnection answer = metricsPage.toURL().openConnection();
      assertThat(answer.getInputStream()).hasContent("figures");
      assertThat(answer.getContentType()).isEqualTo("text/x-test");
    }
  }

  private static int get(int port, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setReadTimeout(5_000);
    return connection.getResponseCode();
  }

  private interface Asking {
    Object ask() throws Exception;
  }

  private static Status.Code statusOf(Asking asking) {
    Status.Code[] code = {Status.Code.OK};
    assertThatThrownBy(asking::ask)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> code[0] = e.getStatus().getCode());
    return code[0];
  }

  private ChannelCredentials tls(String commonName, Certificates signer) throws IOException {
    signer.write(clientDirectory, commonName);
    return trusting(
        TlsChannelCredentials.newBuilder()
            .keyManager(
                clientDirectory.resolve("tls.crt").toFile(),
                clientDirectory.resolve("tls.key").toFile()));
  }

  private ChannelCredentials trusting(TlsChannelCredentials.Builder builder) throws IOException {
    return builder.trustManager(podDirectory.resolve("ca.crt").toFile()).build();
  }

  private GetStatusResponse ask(ChannelCredentials credentials) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", server.orElseThrow().port(), credentials)
            .overrideAuthority("cache-pod")
            .build();
    try {
      return CacheControlGrpc.newBlockingStub(channel)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .getStatus(GetStatusRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
