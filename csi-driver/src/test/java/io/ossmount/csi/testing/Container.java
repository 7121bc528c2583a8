package io.ossmount.csi.testing;

import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process in a mount namespace of its own, as that of a container is. */
public final class Container implements AutoCloseable {
  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  private final Process process;

  private Container(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param propagation {@code private}, {@code slave} when it follows this namespace, {@code
   *     unchanged} when each follows the other, as the node and the plugin do
   * @param mounts shell commands that mount what it has
   */
  public static Container start(String propagation, String... mounts) {
    try {
      var script = "set -e; " + String.join("; ", mounts) + "; exec sleep 300";
      var process =
          new ProcessBuilder("unshare", "-m", "--propagation", propagation, "sh", "-c", script)
              .inheritIO()
              .start();
      await()
          .until(() ->
              !process.isAlive()
                  || process.info().command().filter(name -> name.endsWith("sleep")).isPresent());
      return new Container(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command prints that is run in it. */
  public String run(String command) {
    return Shell.run("nsenter -t " + process.pid() + " -m -- " + command);
  }

  /** A link to where its process is, which works where no path does. */
  public String workingDirectory() {
    return "/proc/" + process.pid() + "/cwd";
  }

  /** Its mounts. */
  public List<MountEntry> mounts() {
    try {
      return MountTable.read(Path.of("/proc/" + process.pid() + "/mountinfo")).entries();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mount on top at a path. */
  public MountEntry mountAt(Path path) {
    return new MountTable(mounts()).at(path).orElseThrow();
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
