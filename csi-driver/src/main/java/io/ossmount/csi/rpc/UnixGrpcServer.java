package io.ossmount.csi.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server on a unix socket, one virtual thread for each call. A socket that an earlier
 * process left is replaced.
 */
public final class UnixGrpcServer implements AutoCloseable {
  private static final int MOST_REQUEST_BYTES = 1 << 20;
  private static final int MOST_CALLS_PER_CONNECTION = 1_000;
  private static final int STOP_SECONDS = 5;

  private final Path socket;
  private final EventLoopGroup loop;
  private final ExecutorService calls;
  private final Server server;

  /**
   * Makes a server that does not listen yet.
   *
   * @param socket path of the socket; its directory is made if need be, for root alone
   */
  public UnixGrpcServer(Path socket, List<? extends BindableService> services) {
    this.socket = socket;
    loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    calls = Executors.newVirtualThreadPerTaskExecutor();
    var builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .executor(calls)
            .maxInboundMessageSize(MOST_REQUEST_BYTES)
            .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
            .intercept(new CallLog());
    services.forEach(builder::addService);
    server = builder.build();
  }

  /** Listens from now on. */
  public void start() throws IOException {
    var directory = socket.toAbsolutePath().getParent();
    // Only root may connect. The mode is that of the directory, since the server binds and serves
    // in one step; a directory of kubelet's own (plugins_registry) keeps the mode that it has.
    if (directory != null && !Files.exists(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(socket);
    }
    server.start();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }

  /** Waits for calls under way for some seconds, then ends them; the socket is removed. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      Files.deleteIfExists(socket);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // The next start removes it.
    }
    calls.shutdownNow();
    var _ = loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
  }
}
