package io.ossmount.fuse.server;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A session that the process which serves it has mounted itself: a FUSE file system without
 * Kubernetes. Needs CAP_SYS_ADMIN. It ends with the process: no one else has its descriptors.
 */
public final class LocalMount implements AutoCloseable {
  /** How long {@link #close()} lets programs go on that have files open. */
  private static final int CLOSE_SECONDS = 5;

  private final Path target;
  private final Session session;

  private LocalMount(Path target, Session session) {
    this.target = target;
    this.session = session;
  }

  /** Mounts and serves a file system at {@code target}, an existing directory. */
  public static LocalMount mount(
      FuseServer server,
      Path target,
      FuseMount.Options options,
      Function<? super SessionState, ? extends FileSystem> fileSystems)
      throws IOException {
    Descriptor memfd = SessionMemory.create();
    Descriptor device;
    try {
      device = FuseMount.mount(target, options);
    } catch (IOException | RuntimeException e) {
      memfd.close();
      throw e;
    }
    try {
      return new LocalMount(target, server.serve(options.source(), device, memfd, fileSystems));
    } catch (IOException | RuntimeException e) {
      FuseMount.abort(target);
      throw e;
    }
  }

  /** Where it is mounted. */
  public Path target() {
    return target;
  }

  /** Its session. */
  public Session session() {
    return session;
  }

  /**
   * Unmounts. Programs that have files open may go on for 5 s, then they get errors. Not for
   * virtual threads.
   */
  @Override
  public void close() throws IOException {
    FuseMount.detach(target);
    if (!hasEnded()) {
      // Ours is the only descriptor: when it closes, the kernel aborts the connection.
      session.end(Session.End.DISCONNECTED);
    }
    session.close();
  }

  private boolean hasEnded() {
    try {
      session.ended().get(CLOSE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException stillUsed) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
