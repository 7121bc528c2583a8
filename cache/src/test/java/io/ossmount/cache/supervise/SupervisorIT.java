package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.Unset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor and a server, as processes. */
@Timeout(240)
final class SupervisorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final int KILLED = 128 + 9;

  @TempDir private Path directory;
  private Process supervisor = Unset.value();

  @AfterEach
  void end() throws IOException {
    List<ProcessHandle> servers = supervisor.descendants().toList();
    supervisor.destroyForcibly().onExit().join();
    servers.forEach(server -> {
      server.destroyForcibly();
      server.onExit().join();
    });
  }

  @Test
  void a_server_that_is_killed_is_started_again_and_told_how_often() throws Exception {
    supervise("serve");
    long first = server(0);
    signal("KILL", first);
    long second = server(1);
    signal("KILL", second);

    assertThat(server(2)).isPositive();
    assertThat(output()).contains("ended with 137: starting it again, time 2");
    assertThat(supervisor.children()).extracting(ProcessHandle::pid).doesNotContain(first, second);
  }

  @Test
  void a_server_that_ran_for_a_while_has_a_spare_that_takes_its_place() throws Exception {
    supervise("serve");
    long first = server(0);
    long spare = spareOf(first);
    assertThat(output()).doesNotContain("up 1");
    signal("KILL", first);

    assertThat(server(1)).isEqualTo(spare);
    assertThat(isAlive(first)).isFalse();
  }

  @Test
  void a_spare_that_is_killed_is_not_missed() throws Exception {
    supervise("serve");
    long first = server(0);
    long spare = spareOf(first);
    signal("KILL", spare);
    await().atMost(PATIENCE).until(() -> !isAlive(spare));
    signal("KILL", first);

    assertThat(server(1)).isPositive();
    assertThat(output()).contains("time 1").doesNotContain("time 2");
  }

  /** Nobody has seen a beat of it, and yet it has no minute for its first. */
  @Test
  void a_spare_that_is_stopped_hangs_when_it_is_called() throws Exception {
    supervise("serve");
    long first = server(0);
    long spare = spareOf(first);
    signal("STOP", spare);
    long called = System.nanoTime();
    signal("KILL", first);

    assertThat(server(2)).isPositive();
    assertThat(output()).contains("hangs: killing process " + spare);
    assertThat(Duration.ofNanos(System.nanoTime() - called))
        .isLessThan(Duration.ofSeconds(PulseWatch.FIRST_LOOKS));
  }

  @Test
  void a_spare_ends_with_the_server_that_was_told_to() throws Exception {
    supervise("serve");
    long spare = spareOf(server(0));
    signal("TERM", supervisor.pid());

    assertThat(codeOfSupervisor()).isZero();
    await().atMost(PATIENCE).until(() -> !isAlive(spare));
    assertThat(output()).doesNotContain("up 1");
  }

  @Test
  void a_spare_does_not_outlive_a_supervisor_that_is_killed() throws Exception {
    supervise("serve");
    long spare = spareOf(server(0));
    signal("KILL", supervisor.pid());

    await().atMost(PATIENCE).until(() -> !isAlive(spare));
  }

  @Test
  void a_server_that_ends_well_was_meant_to() throws Exception {
    supervise("done");

    assertThat(codeOfSupervisor()).isZero();
    assertThat(output()).contains("up 0").doesNotContain("up 1");
  }

  @Test
  void a_server_that_crashes_five_times_in_a_row_is_given_up() throws Exception {
    supervise("crash");

    assertThat(codeOfSupervisor()).isEqualTo(7);
    assertThat(output()).contains("up 4", "giving up").doesNotContain("up 5");
  }

  @Test
  void a_server_that_cannot_be_started_is_given_up() throws Exception {
    supervise(List.of(directory.resolve("none").toString()));

    assertThat(codeOfSupervisor()).isEqualTo(127);
  }

  @Test
  void a_supervisor_that_is_told_to_end_tells_the_server() throws Exception {
    supervise("serve");
    long server = server(0);
    signal("TERM", supervisor.pid());

    assertThat(codeOfSupervisor()).isZero();
    assertThat(isAlive(server)).isFalse();
    assertThat(output()).doesNotContain("up 1");
  }

  @Test
  void a_server_that_is_stopped_is_killed_and_started_again() throws Exception {
    supervise("serve");
    long stopped = server(0);
    signal("STOP", stopped);

    assertThat(server(1)).isPositive();
    assertThat(isAlive(stopped)).isFalse();
    assertThat(output()).contains("hangs: killing process " + stopped);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deadlock", "still"})
  void a_server_whose_threads_do_not_get_on_is_killed_and_started_again(String behaviour)
      throws Exception {
    supervise(behaviour);
    long hanging = server(0);

    assertThat(server(1)).isPositive();
    assertThat(isAlive(hanging)).isFalse();
  }

  /** As a machine that is suspended; nobody looks meanwhile, and nobody beats. */
  @Test
  void a_pause_of_both_is_no_hang() throws Exception {
    supervise("serve");
    long server = server(0);
    Thread.sleep(2000);

    signal("STOP", supervisor.pid());
    signal("STOP", server);
    Thread.sleep(1000 * (PulseWatch.LOOKS + 2));
    signal("CONT", supervisor.pid());
    Thread.sleep(500);
    signal("CONT", server);
    Thread.sleep(2000);

    assertThat(isAlive(server)).isTrue();
    assertThat(output()).doesNotContain("hangs");
  }

  @Test
  void a_server_does_not_outlive_a_supervisor_that_is_killed() throws Exception {
    supervise("serve");
    long server = server(0);
    signal("KILL", supervisor.pid());

    assertThat(codeOfSupervisor()).isEqualTo(KILLED);
    await().atMost(PATIENCE).until(() -> !isAlive(server));
  }

  private void supervise(String behaviour) throws IOException {
    String classes = System.getProperty("java.class.path");
    supervise(
        List.of(
            JAVA,
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes,
            SupervisedServer.class.getName(),
            behaviour));
  }

  private void supervise(List<String> server) throws IOException {
    String classes = Path.of("target", "classes").toAbsolutePath().toString();
    ProcessBuilder builder =
        new ProcessBuilder(JAVA, "-Xmx8m", "-cp", classes, SupervisorMain.class.getName());
    builder.command().addAll(server);
    builder.environment().put(Agreement.PULSE, directory.resolve("pulse").toString());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    supervisor = builder.start();
  }

  /** The process that is to be the next server; waits until it is there. */
  private long spareOf(long server) {
    return await()
        .atMost(PATIENCE)
        .until(() -> spares(server).findFirst(), Optional::isPresent)
        .orElseThrow()
        .pid();
  }

  /** What is about to run its command is the JDK's helper still. */
  private Stream<ProcessHandle> spares(long server) {
    return supervisor
        .children()
        .filter(child -> child.pid() != server)
        .filter(child -> child.info().command().orElse("").endsWith("/java"));
  }

  /** The process that was started again so often. */
  private long server(int restarts) {
    Pattern said = Pattern.compile("up " + restarts + " as (\\d+)\\.");
    await().atMost(PATIENCE).until(() -> said.matcher(output()).find());
    Matcher matcher = said.matcher(output());
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private int codeOfSupervisor() throws InterruptedException {
    assertThat(supervisor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return supervisor.exitValue();
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
