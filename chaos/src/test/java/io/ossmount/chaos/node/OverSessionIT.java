package io.ossmount.chaos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.work.Operation;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session that is over while a program writes a file of it, with the real plugin and the real
 * server, whose patience is ten minutes. Needs root, /dev/fuse and loop devices.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OverSessionIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private Place place;
  private NodeProcesses node;

  @BeforeAll
  void a_node(@TempDir Path logs) throws Exception {
    // Sockets have short paths.
    place = new Place(Files.createTempDirectory("over"), logs, Optional.empty());
    node = NodeProcesses.start(place, new Dataset(1));
  }

  @AfterAll
  void nothing_is_left() {
    if (node != null) {
      node.close();
    }
    NodeProcesses.sweep(place);
  }

  @Test
  void the_next_server_keeps_nothing_for_it_when_both_holders_died() throws Exception {
    var writer = writing("both");
    try {
      var server = ProcessHandle.of(node.server().pid()).orElseThrow();
      var moment =
          new Moment(
              () -> server.isAlive() ? List.of(Operation.WRITE) : List.of(), Optional.empty());

      new KillBoth().inject(node, new SplittableRandom(1), moment);

      assertThat(moment.noted().orElseThrow().underWay())
          .as("what was under way when the server was still there")
          .containsExactly(Operation.WRITE);
      awaitAside("both");
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void the_next_server_keeps_nothing_for_it_when_its_volume_was_unpublished() throws Exception {
    var writer = writing("unpublished");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      node.server().hold();
      Command.run("kill", "-KILL", Long.toString(node.server().pid()));
      var again = threads.submit((Callable<Void>) this::publishAnew);
      Await.must("the volume is gone", SOON, () -> !isMounted());
      node.server().resume();

      awaitAside("unpublished");
      again.get(60, TimeUnit.SECONDS);
    } finally {
      writer.destroyForcibly();
    }
  }

  private Void publishAnew() throws IOException, InterruptedException {
    node.mend();
    return null;
  }

  private boolean isMounted() throws IOException {
    return MountTable.read().at(node.volume()).isPresent();
  }

  /** A program that has a file open, of which it has written a part. */
  private Process writing(String name) throws IOException, InterruptedException {
    node.mend();
    var program =
        "import os, sys; os.write(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), b'x' * 100000);"
            + " print('written', flush=True); sys.stdin.read()";
    var process =
        new ProcessBuilder("python3", "-c", program, node.volume().resolve(name).toString())
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("written");
    assertThat(files(node.staging())).isNotEmpty();
    return process;
  }

  private void awaitAside(String name) throws IOException, InterruptedException {
    Await.must("nothing is kept for a session", SOON, () -> files(node.staging()).isEmpty());
    assertThat(files(node.staging().resolve("aside"))).anyMatch(file -> file.contains(name));
  }

  private static List<String> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }
}
