package io.ossmount.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.ossmount.operator.tls.Authority;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server with a certificate of the authority, asked by the real client. */
class GrpcControlClientIT {
  private static final String UID = "4d9c6f3e-0000-4000-8000-000000000001";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Clock CLOCK = Clock.systemUTC();

  private final Authority authority = Authority.of(Authority.create(CLOCK), CLOCK);
  private Server server = NettyServerBuilder.forPort(0).build();

  private static final class Pod extends CacheControlGrpc.CacheControlImplBase {
    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
      reply.onNext(GetStatusResponse.newBuilder().setConfigurationHash("c0ffee").build());
      reply.onCompleted();
    }
  }

  @BeforeEach
  void start() throws IOException {
    var identity = authority.issueServer(UID);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.forServer(stream(identity.certificate()), stream(identity.key()))
                    .trustManager(stream(authority.certificate()))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(new Pod())
            .build()
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    assertThat(server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aCachePodAnswersTheOperator() {
    try (var client = new GrpcControlClient(authority, CLOCK, server.getPort())) {
      for (int asked = 0; asked < 2; asked++) {
        await()
            .atMost(SOON)
            .ignoreException(StatusRuntimeException.class)
            .untilAsserted(() ->
                assertThat(client.status(pod(UID)).getConfigurationHash()).isEqualTo("c0ffee"));
      }
    }
  }

  @Test
  void thePodOfAnotherOssMountIsNotBelieved() {
    try (var client = new GrpcControlClient(authority, CLOCK, server.getPort())) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> client.status(pod("another")));
    }
  }

  @Test
  void anotherAuthoritysOperatorGetsNoAnswer() {
    // given
    var other = Authority.of(Authority.create(CLOCK), CLOCK);

    // then
    try (var client = new GrpcControlClient(other, CLOCK, server.getPort())) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> client.status(pod(UID)));
    }
  }

  private static PodAddress pod(String uid) {
    return new PodAddress("p1", "containerd://1", "127.0.0.1", Authority.serverName(uid));
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
