package io.ossmount.csi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link CachePodMain} in a process of its own, to be killed, stopped and asked. */
public final class CachePodProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private CachePodProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one. */
  public static CachePodProcess start(Path socket, String name, String behaviour) {
    try {
      var output = Files.createTempFile("cache-pod-", ".log");
      var classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx128m",
                  "-cp",
                  classPath,
                  CachePodMain.class.getName(),
                  socket.toString(),
                  name,
                  behaviour)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      return new CachePodProcess(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines that it printed: one for each frame. */
  public List<String> output() {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  public void kill() {
    try {
      if (!process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " survives SIGKILL");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGTERM: it is to end. */
  public void terminate() {
    process.destroy();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGSTOP: alive, and deaf. */
  public void stop() {
    var _ = Shell.run("kill -STOP " + process.pid());
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
