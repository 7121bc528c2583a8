package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container of the cache image, with a mount that it serves, whose processes are killed. Prints
 * how long it takes and how much memory they have; docs/RELIABILITY.md has these figures. Needs
 * root and /dev/fuse.
 */
@Timeout(300)
class SupervisionIT {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a spare takes to initialize its classes, and the compiler to have done with them. */
  private static final Duration WARMING = Duration.ofSeconds(8);

  private static final int KILLED = 128 + 9;

  private final List<AutoCloseable> parts = new ArrayList<>();
  @TempDir private Path directory;
  private Stage stage;
  private Container container;

  @BeforeEach
  void serve() throws Exception {
    var image = UnpackedImage.of(Product.CACHE, Files.createDirectory(directory.resolve("image")));
    var objects = Files.createDirectory(directory.resolve("objects"));
    for (int i = 0; i < 10; i++) {
      Files.writeString(objects.resolve("hello-" + i), "from the bucket");
    }
    var root = Path.of(System.getProperty("ossmount.root"));
    var emulator =
        ClassPath.read(root, Product.OSS_EMULATOR, System.getProperty("ossmount.version"));
    stage = keep(Stage.set(directory.resolve("stage"), emulator, objects, 1L << 30));
    container = keep(Container.start(image, stage, directory.resolve("cache.log")));
    awaitServed();
    assertThat(stage.isMounted()).as("this test needs root and /dev/fuse").isTrue();
  }

  @AfterEach
  void end() throws Exception {
    for (var part : parts.reversed()) {
      part.close();
    }
  }

  /** Each time with a file that the kernel has not in its page cache. */
  @Test
  void aServerThatIsKilledHasASuccessorThatServesTheSameMount() throws Exception {
    for (int kills = 0; kills < 4; kills++) {
      // given
      assertThat(hello(kills)).isEqualTo("from the bucket");
      var spare = kills % 2 == 0 ? Optional.<ProcessHandle>empty() : warmSpare();
      Thread.sleep(1000);
      tellMemory("killed %d times".formatted(kills));
      // when
      var killed = System.nanoTime();
      container.server().destroyForcibly();
      awaitServed();
      var served = System.nanoTime();
      // then
      spare.ifPresent(ready -> assertThat(container.server()).isEqualTo(ready));
      assertThat(hello(kills + 5)).isEqualTo("from the bucket");
      System.out.printf(
          "SIGKILL to served %d ms, to the first file %d ms, processor time of the new one %d ms%n",
          (served - killed) / 1_000_000,
          (System.nanoTime() - killed) / 1_000_000,
          container.server().info().totalCpuDuration().orElseThrow().toMillis());
    }
    assertThat(container.output()).contains("started again by the supervisor, time 4");
  }

  /** One that has had the time to initialize its classes, which would end it if it cannot. */
  private Optional<ProcessHandle> warmSpare() throws Exception {
    await().atMost(PATIENCE).until(() -> container.spare().isPresent());
    var begun = container.spare();
    Thread.sleep(WARMING);
    assertThat(container.spare()).isEqualTo(begun);
    return begun;
  }

  @Test
  void aServerThatEndsFiveTimesWithinAMinuteIsGivenUp() throws Exception {
    // when
    for (int kills = 1; kills < 5; kills++) {
      container.server().destroyForcibly();
      container.await(Pattern.compile("starting it again, time " + kills));
      awaitServed();
    }
    container.server().destroyForcibly();
    // then
    assertThat(container.code()).isEqualTo(KILLED);
    assertThat(container.output()).contains("giving up");
  }

  /** The kernel gives PID 1 no signal that it has no handler for. */
  @Test
  void aContainerThatIsToldToEndEndsWithinItsGrace() throws Exception {
    // given
    stage.unmount();
    // when
    container.supervisor().destroy();
    // then
    assertThat(container.code()).isZero();
    assertThat(container.output()).contains("telling the server", "the server has ended");
  }

  @Test
  void aServerEndsWithItsSupervisor() throws Exception {
    // given
    var server = container.server();
    // when
    container.supervisor().destroyForcibly();
    // then
    assertThat(server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(server);
  }

  /** As somebody who debugs it does, from a process of its namespace. */
  @Test
  void aProcessThatWasLeftBehindIsTakenAwayWhenItHasEnded() throws Exception {
    // given
    var supervisor = Long.toString(container.supervisor().pid());
    var leave = List.of("nsenter", "-t", supervisor, "-p", "sh", "-c", "sleep 15 & exit");
    // when
    new ProcessBuilder(leave).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    // then
    assertThat(leftTo(supervisor)).isNotEmpty();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(leftTo(supervisor)).isEmpty());
  }

  /** Of its first thread, as the kernel has it: those that have ended, too. */
  private static String leftTo(String pid) throws IOException {
    return Files.readString(Path.of("/proc", pid, "task", pid, "children"));
  }

  private void awaitServed() throws IOException, InterruptedException {
    try {
      stage.awaitServed();
    } catch (IOException e) {
      throw new IOException(container.output(), e);
    }
  }

  private String hello(int number) throws Exception {
    return Command.run(List.of("cat", stage.target().resolve("hello-" + number).toString()));
  }

  private void tellMemory(String when) throws IOException {
    tellMemory(when, "supervisor", container.supervisor());
    tellMemory(when, "server", container.server());
    if (container.spare().isPresent()) {
      tellMemory(when, "spare", container.spare().get());
    }
  }

  private static void tellMemory(String when, String who, ProcessHandle process)
      throws IOException {
    System.out.printf(
        "%s: %s rss %.1f MiB, pss %.1f MiB, anonymous %.1f MiB%n",
        when,
        who,
        (double) Container.bytes(process, "Rss") / MIB,
        (double) Container.bytes(process, "Pss") / MIB,
        (double) Container.bytes(process, "Anonymous") / MIB);
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.add(part);
    return part;
  }
}
