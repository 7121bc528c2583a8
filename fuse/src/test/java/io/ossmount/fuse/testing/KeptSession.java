package io.ossmount.fuse.testing;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A mounted session whose descriptors this process keeps, as the node plugin does, and the
 * processes that serve it one after another. A watchdog aborts it after a minute.
 */
public final class KeptSession implements AutoCloseable {
  private static final int WATCHDOG_SECONDS = 60;

  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Process> servers = new CopyOnWriteArrayList<>();
  private final Path target;
  private final Path socket;
  private final Descriptor device;
  private final Descriptor memfd;
  private final UnixListener listener;

  private final long unwantedFlags;

  /** Mounts it below {@code directory}, which everybody may enter from now on. */
  public KeptSession(Path directory) throws IOException {
    this(directory, 0);
  }

  /**
   * The same as on a kernel without some features.
   *
   * @param unwantedFlags INIT flags that its servers do not ask for
   */
  public KeptSession(Path directory, long unwantedFlags) throws IOException {
    this.unwantedFlags = unwantedFlags;
    // Also for the process without privilege.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    target = Files.createDirectory(directory.resolve("mount"));
    socket = directory.resolve("plugin.sock");
    listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    memfd = SessionMemory.create();
    device = FuseMount.mount(target, FuseMount.Options.of("test"));
    Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
  }

  private void watch() {
    try {
      if (!over.await(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
        FuseMount.abort(target);
        listener.close();
        servers.forEach(Process::destroyForcibly);
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it is mounted. */
  public Path target() {
    return target;
  }

  /** Its descriptor. */
  public Descriptor device() {
    return device;
  }

  /** Its memory. */
  public Descriptor memfd() {
    return memfd;
  }

  /** Starts a {@link ServerProcess} and gives it the session. */
  public Server start() throws IOException {
    return start(List.of(), System.getProperty("java.class.path"));
  }

  /** The same with words before the command, and with other classes. */
  public Server start(List<String> prefix, String classPath) throws IOException {
    Server server = launch(prefix, classPath);
    server.give();
    return server;
  }

  /** Starts one that waits to be given the session. */
  public Server launch() throws IOException {
    return launch(List.of(), System.getProperty("java.class.path"));
  }

  private Server launch(List<String> prefix, String classPath) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", classPath, ServerProcess.class.getName()));
    command.addAll(List.of(socket.toString(), Long.toString(unwantedFlags)));
    Process process = new ProcessBuilder(command).inheritIO().start();
    servers.add(process);
    return new Server(process, listener.accept(), List.of(device, memfd));
  }

  /** A process that serves the session once it is given it. */
  public record Server(Process process, UnixConnection connection, List<Descriptor> session) {
    /** Gives it the session. */
    public void give() throws IOException {
      connection.send(new byte[0], session);
    }

    /** The next thing that it says. */
    public String says() throws IOException {
      try (Frame frame = connection.receive().orElseThrow()) {
        return new String(frame.payload(), StandardCharsets.UTF_8);
      }
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() throws IOException, InterruptedException {
      process.destroyForcibly();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IOException("survives SIGKILL: " + process);
      }
      while (connection.receive().isPresent()) {}
      connection.close();
    }
  }

  /** Aborts the connection and unmounts it. */
  public void abort() throws IOException {
    FuseMount.abort(target);
    over.countDown();
  }

  @Override
  public void close() throws IOException {
    abort();
    servers.forEach(Process::destroyForcibly);
    listener.close();
    device.close();
    memfd.close();
  }
}
