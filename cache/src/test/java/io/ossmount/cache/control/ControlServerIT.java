package io.ossmount.cache.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
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
import io.ossmount.cache.store.StoreException;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.Counted;
import io.ossmount.proto.control.v1.DirectoryEntry;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.ListDirectoryRequest;
import io.ossmount.proto.control.v1.ListDirectoryResponse;
import io.ossmount.proto.control.v1.Traffic;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
                    new StoreHealth("BucketNotFound", "no such bucket", Optional.empty(), false),
                    true)),
            new DeadSessionsReport(
                Collections.nCopies(
                    DeadSessionsReport.MOST + 1,
                    new DeadSessionsReport.Dead(
                        "s-0", "dead", "Aborted", Instant.ofEpochSecond(10, 11))),
                2));
    server =
        Optional.of(
            ControlServer.start(
                podDirectory,
                0,
                new CacheControlService(() -> status, ControlServerIT::traffic, this::list)));
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
    assertThat(response.getMounts(0).getHidesFile()).isTrue();
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
    assertThat(response.getDeadSessions().getSessionsCount()).isEqualTo(DeadSessionsReport.MOST);
    assertThat(response.getDeadSessions().getMore()).isEqualTo(3);
    assertThat(response.getDeadSessions().getSessions(0).getSession()).isEqualTo("s-0");
    assertThat(response.getDeadSessions().getSessions(0).getVolume()).isEqualTo("dead");
    assertThat(response.getDeadSessions().getSessions(0).getReason()).isEqualTo("Aborted");
    assertThat(response.getDeadSessions().getSessions(0).getSince())
        .isEqualTo(Timestamp.newBuilder().setSeconds(10).setNanos(11).build());
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

  @Test
  void traffic_is_told() throws Exception {
    Traffic traffic = ask(tls("ossmount-operator", authority)).getTraffic();

    assertThat(traffic.getHitBytes()).isEqualTo(3);
    assertThat(traffic.getFetchedBytes()).isEqualTo(5);
    assertThat(traffic.getUploadedBytes()).isEqualTo(10);
    assertThat(traffic.getReads()).isEqualTo(6);
    assertThat(traffic.getStoreRequests()).isEqualTo(7);
    assertThat(traffic.getStoreFailures()).isEqualTo(8);
    assertThat(traffic.getStoreNanos()).isEqualTo(9);
    assertThat(traffic.getStoreLatenciesList()).containsExactly(1L, 2L);
    assertThat(traffic.getUploads().getCount()).isEqualTo(25);
    assertThat(traffic.getUploads().getTotalBytes()).isEqualTo(2500);
    assertThat(traffic.getUploads().getFirstList()).hasSize(20);
  }

  @Test
  void directories_are_listed_a_few_at_a_time() throws Exception {
    ChannelCredentials operator = tls("ossmount-operator", authority);
    DirectoryEntry entry =
        call(operator, stub -> stub.listDirectory(directory("here"))).getEntries(0);
    assertThat(entry.getName()).isEqualTo("file");
    assertThat(entry.getCachedBytes()).isEqualTo(4);
    assertThat(entry.getModified().getSeconds()).isEqualTo(7);
    assertThat(entry.getCounted()).isEqualTo(Counted.COUNTED_WHOLE);

    assertThat(statusOf(() -> list(operator, "missing"))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(statusOf(() -> list(operator, "bad token"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(statusOf(() -> list(operator, "down"))).isEqualTo(Status.Code.UNAVAILABLE);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        var _ = threads.submit(() -> list(operator, "slow"));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> waiting.getCount() == 0);
      assertThat(statusOf(() -> list(operator, "here"))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      release.countDown();
    }
    assertThat(list(operator, "here").getEntriesCount()).isEqualTo(1);
  }

  private final CountDownLatch waiting = new CountDownLatch(4);
  private final CountDownLatch release = new CountDownLatch(1);

  private Optional<Directories.Page> list(String path, String token, int size) {
    return switch (path) {
      case "here" -> Optional.of(new Directories.Page(List.of(entry()), ""));
      case "bad token" -> throw new IllegalArgumentException("not a page token");
      case "down" ->
          throw new StoreException.Unreachable("no answer", new java.io.IOException("no answer"));
      case "slow" -> {
        waiting.countDown();
        try {
          assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Directories.Entry entry() {
    return new Directories.Entry(
        "file",
        false,
        8,
        4,
        Optional.of(Instant.ofEpochSecond(7)),
        false,
        Directories.Counted.WHOLE);
  }

  private static PodTraffic traffic() {
    return new PodTraffic(
        new CacheUsage(1, 2, 3, 4, 5),
        6,
        new StoreTraffic.Counts(7, 8, 9, List.of(1L, 2L), 10),
        Collections.nCopies(25, new PodTraffic.Upload("f", 100, 50)));
  }

  private static ListDirectoryRequest directory(String path) {
    return ListDirectoryRequest.newBuilder().setPath(path).setPageSize(100).build();
  }

  private ListDirectoryResponse list(ChannelCredentials credentials, String path) throws Exception {
    return call(credentials, stub -> stub.listDirectory(directory(path)));
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
    return call(credentials, stub -> stub.getStatus(GetStatusRequest.getDefaultInstance()));
  }

  private <A> A call(
      ChannelCredentials credentials,
      Function<CacheControlGrpc.CacheControlBlockingStub, A> question)
      throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", server.orElseThrow().port(), credentials)
            .overrideAuthority("cache-pod")
            .build();
    try {
      return question.apply(
          CacheControlGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
