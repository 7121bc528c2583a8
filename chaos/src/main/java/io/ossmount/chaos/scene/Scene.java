package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A volume that is served, and all that it stands on: where faults happen and workloads run. */
public interface Scene extends AutoCloseable {
  /** {@code timeouts.operation} of the OssMount of each of them. */
  Duration OPERATION = Duration.ofMinutes(1);

  /** Where the objects are. */
  Emulator emulator();

  /** Runs the processes of workloads, which see the volume. */
  Crew crew();

  /** The kernel's side of the volume. */
  FuseConnection connection() throws IOException;

  /** Id of the process that serves the volume now, or did last. */
  long serverPid() throws IOException;

  /** How often the server may be ended. */
  Pace restarts();

  /** Id of the node plugin's process. */
  long pluginPid() throws IOException;

  /** Ids of the product's processes that run here, by their names. */
  Map<String, Long> processes() throws IOException;

  /** What is there and not needed by those who use the volume now; one line each. */
  List<String> surplus() throws IOException, InterruptedException;

  /** A pod comes, reads a file of the volume and goes; what went wrong, one line each. */
  List<String> visit() throws InterruptedException;

  /** The cache's disk, which has nothing else. */
  Disk disk();

  /** The directory of files that are not uploaded yet. */
  Path staging() throws IOException, InterruptedException;

  /** Blocks of the cache. */
  Path blocks() throws IOException, InterruptedException;

  /** Gives those who work the volume anew, after it did not get well by itself. */
  void mend() throws IOException, InterruptedException;

  /** Takes the volume away, as when all pods are deleted; whether what is in use can go. */
  void leave() throws IOException, InterruptedException;

  /** What is still there after {@link #leave} and should not be; one line each. */
  List<String> remains() throws IOException, InterruptedException;

  /** Ends everything, whatever hangs. */
  @Override
  void close();
}
