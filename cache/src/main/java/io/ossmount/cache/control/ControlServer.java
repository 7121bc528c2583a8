package io.ossmount.cache.control;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server that the operator asks, over mutual TLS. Certificates that change on disk are
 * used by the connections that begin after.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
  private static final int MOST_REQUEST_BYTES = 64 << 10;

  private final Server server;
  private final ExecutorService calls;
  private final ScheduledExecutorService reloads;

  private ControlServer(Server server, ExecutorService calls, ScheduledExecutorService reloads) {
    this.server = server;
    this.calls = calls;
    this.reloads = reloads;
  }

  /**
   * Starts it.
   *
   * @param directory with {@code ca.crt}, {@code tls.crt} and {@code tls.key} (PKCS #8), as the
   *     operator puts them into the mount's Secret
   * @param port 0: any that is free
   */
  public static ControlServer start(Path directory, int port, BindableService service)
      throws IOException, GeneralSecurityException {
    ReloadingTls tls = new ReloadingTls(directory);
    ScheduledExecutorService reloads =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("certificates").daemon().factory());
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Server server =
          Grpc.newServerBuilderForPort(port, tls.credentials())
              .executor(calls)
              .maxInboundMessageSize(MOST_REQUEST_BYTES)
              .intercept(new OperatorOnly())
              .addService(service)
              .build()
              .start();
      tls.watch(reloads);
      log.info("answering the operator on port {}", server.getPort());
      return new ControlServer(server, calls, reloads);
    } catch (IOException | RuntimeException e) {
      reloads.shutdownNow();
      calls.shutdownNow();
      throw e;
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    reloads.shutdownNow();
    calls.shutdownNow();
  }
}
