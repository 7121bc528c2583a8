package io.ossmount.operator.control;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.ossmount.operator.tls.Authority;
import io.ossmount.operator.tls.Identity;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.ListDirectoryRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks cache pods by gRPC over mutual TLS. Keeps a channel for each pod that it was asked for
 * lately, {@value #MAX_CHANNELS} at most: the one that was not used for longest is closed for a new
 * one. Safe for use by many threads.
 */
public final class GrpcControlClient implements ControlClient, DirectoryClient {
  /** Port on which cache pods answer. */
  public static final int PORT = 9443;

  private static final int MAX_CHANNELS = 1024;
  private static final long DEADLINE_SECONDS = 5;
  // A directory may have to be listed first.
  private static final long DIRECTORY_DEADLINE_SECONDS = 15;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  // Half of the life of a certificate: an operator that runs for years stays known.
  private static final Duration RENEW_AFTER = Duration.ofDays(180);

  private final Authority authority;
  private final Clock clock;
  private final int port;

  // Guarded by this, as the fields below.
  private final LinkedHashMap<String, Channel> channels = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable SslContext ssl;
  private Instant renewal = Instant.MIN;

  private record Channel(PodAddress pod, ManagedChannel managed) {}

  /**
   * A client that shows pods a certificate of this authority, and believes those that it signed.
   */
  public GrpcControlClient(Authority authority, Clock clock) {
    this(authority, clock, PORT);
  }

  GrpcControlClient(Authority authority, Clock clock, int port) {
    this.authority = authority;
    this.clock = clock;
    this.port = port;
  }

  @Override
  public GetStatusResponse status(PodAddress pod) {
    return CacheControlGrpc.newBlockingStub(channel(pod))
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .getStatus(GetStatusRequest.getDefaultInstance());
  }

  @Override
  public DirectoryAnswer list(PodAddress pod, String path, String pageToken, int pageSize) {
    try {
      return TrafficMessages.read(
          CacheControlGrpc.newBlockingStub(channel(pod))
              .withDeadlineAfter(DIRECTORY_DEADLINE_SECONDS, TimeUnit.SECONDS)
              .listDirectory(
                  ListDirectoryRequest.newBuilder()
                      .setPath(path)
                      .setPageToken(pageToken)
                      .setPageSize(pageSize)
                      .build()));
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case NOT_FOUND -> new DirectoryAnswer.Missing();
        case DEADLINE_EXCEEDED ->
            new DirectoryAnswer.Failed(
                "no answer within " + DIRECTORY_DEADLINE_SECONDS + " seconds");
        case UNIMPLEMENTED ->
            new DirectoryAnswer.Failed("the cache pod is older than the operator");
        case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, UNAVAILABLE ->
            new DirectoryAnswer.Failed(
                Objects.requireNonNullElse(e.getStatus().getDescription(), "no answer"));
        default -> new DirectoryAnswer.Failed(e.getStatus().getCode().toString());
      };
    }
  }

  @Override
  public synchronized void forget(String podUid) {
    var channel = channels.remove(podUid);
    if (channel != null) {
      channel.managed().shutdown();
    }
  }

  @Override
  public synchronized void close() {
    channels.values().forEach(channel -> channel.managed().shutdownNow());
    channels.clear();
  }

  private synchronized ManagedChannel channel(PodAddress pod) {
    var context = currentContext();
    var known = channels.get(pod.uid());
    if (known != null && known.pod().equals(pod)) {
      return known.managed();
    }
    forget(pod.uid());
    if (channels.size() >= MAX_CHANNELS) {
      channels.pollFirstEntry().getValue().managed().shutdown();
    }
    var fresh =
        NettyChannelBuilder.forAddress(new InetSocketAddress(pod.ip(), port))
            .sslContext(context)
            .overrideAuthority(pod.serverName())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    channels.put(pod.uid(), new Channel(pod, fresh));
    return fresh;
  }

  private SslContext currentContext() {
    var current = ssl;
    if (current == null || !clock.instant().isBefore(renewal)) {
      close();
      current = context(authority.issueClient());
      ssl = current;
      renewal = clock.instant().plus(RENEW_AFTER);
    }
    return current;
  }

  private SslContext context(Identity identity) {
    try {
      return GrpcSslContexts.forClient()
          .trustManager(stream(authority.certificate()))
          .keyManager(stream(identity.certificate()), stream(identity.key()))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("cannot use the operator's own certificate", e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
