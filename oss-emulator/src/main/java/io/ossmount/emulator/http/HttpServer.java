package io.ossmount.emulator.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, and serves each connection on a platform thread of its own: a test whose code pins the
 * carriers of virtual threads must not stop the server that it talks to. All threads are daemons.
 * Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** More than this at once are closed as they come. */
  private static final int MOST_CONNECTIONS = 1024;

  /** A connection on which no byte moves for so long is closed. */
  private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

  private final ServerSocketChannel listener;
  private final Optional<SSLContext> tls;
  private final HttpHandler handler;
  private final Map<Wire, Thread> connections = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("oss-emulator-sweeper").factory());

  private HttpServer(ServerSocketChannel listener, Optional<SSLContext> tls, HttpHandler handler) {
    this.listener = listener;
    this.tls = tls;
    this.handler = handler;
  }

  /**
   * Starts to serve.
   *
   * @param address port 0: any free one
   * @param tls empty: plain HTTP
   * @throws IOException the address cannot be had
   */
  public static HttpServer start(
      InetSocketAddress address, Optional<SSLContext> tls, HttpHandler handler) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, 256);
    } catch (IOException e) {
      listener.close();
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    HttpServer server = new HttpServer(listener, tls, handler);
    Thread.ofPlatform().daemon().name("oss-emulator-accept").start(server::accept);
    long period = LONGEST_IDLE.toSeconds() / 10;
    var _ = server.sweeper.scheduleWithFixedDelay(server::sweep, period, period, TimeUnit.SECONDS);
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return listener.socket().getLocalPort();
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        if (connections.size() >= MOST_CONNECTIONS) {
          log.warn("more than {} connections: one was refused", MOST_CONNECTIONS);
          channel.close();
        } else {
          start(channel);
        }
      } catch (IOException e) {
        log.debug("accept: {}", e.toString());
      }
    }
  }

  private void start(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    Wire wire = tls.isPresent() ? new TlsWire(channel, tls.get()) : new PlainWire(channel);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("oss-emulator-connection")
            .unstarted(() -> {
              try {
                new HttpConnection(wire, handler).serve();
              } finally {
                connections.remove(wire);
              }
            });
    connections.put(wire, thread);
    if (!listener.isOpen()) { // closed meanwhile: nobody else would close this one
      wire.close();
    }
    thread.start();
  }

  private void sweep() {
    for (Wire wire : connections.keySet()) {
      if (wire.idleNanos() > LONGEST_IDLE.toNanos()) {
        wire.close();
      }
    }
  }

  /** Stops listening, ends all connections, and waits a little for what they were doing to stop. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    try {
      listener.close();
    } catch (IOException e) {
      log.debug("closing the listener: {}", e.toString());
    }
    List<Thread> threads = List.copyOf(connections.values());
    connections.keySet().forEach(Wire::close);
    join(threads);
    threads.forEach(Thread::interrupt); // what still goes on sleeps in an injected delay
    join(threads);
  }

  private static void join(List<Thread> threads) {
    long end = System.nanoTime() + LONGEST_GOODBYE.toNanos();
    try {
      for (Thread thread : threads) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        thread.join(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
