package io.ossmount.fuse.testing;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.LocalMount;
import io.ossmount.fuse.server.RequestObserver;
import io.ossmount.fuse.server.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A mounted file system for one test. A watchdog aborts it after a minute, so that a test whose
 * server hangs fails instead of hanging as well. Needs root and {@code /dev/fuse}.
 */
public final class TestMount implements AutoCloseable {
  private static final int WATCHDOG_SECONDS = 60;

  private final FuseServer server;
  private final LocalMount mount;
  private final CountDownLatch closed = new CountDownLatch(1);

  private TestMount(FuseServer server, LocalMount mount) {
    this.server = server;
    this.mount = mount;
    Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
  }

  /** Mounts what {@code fileSystems} makes in a new directory below {@code parent}. */
  public static TestMount mount(
      Path parent, Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    return mount(parent, FuseServer.Options.defaults(), fileSystems);
  }

  /** The same, with a server of these options. */
  public static TestMount mount(
      Path parent,
      FuseServer.Options serverOptions,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    return mount(parent, serverOptions, RequestObserver.NONE, fileSystems);
  }

  /** The same, whose requests are told to {@code observer}. */
  public static TestMount mount(
      Path parent,
      FuseServer.Options serverOptions,
      RequestObserver observer,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    Path target = Files.createTempDirectory(parent, "mount");
    FuseServer server = FuseServer.start(serverOptions, observer);
    try {
      FuseMount.Options options = FuseMount.Options.of("test");
      return new TestMount(server, LocalMount.mount(server, target, options, fileSystems));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Root of the mounted files. */
  public Path root() {
    return mount.target();
  }

  /** What serves it. */
  public FuseServer server() {
    return server;
  }

  /** Its session. */
  public Session session() {
    return mount.session();
  }

  private void watch() {
    try {
      if (!closed.await(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
        FuseMount.abort(root());
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try (server) {
      mount.close();
    } finally {
      closed.countDown();
    }
  }
}
