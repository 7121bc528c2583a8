package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that is killed with SIGKILL while it is at work.
 *
 * @param main its class
 * @param log takes its output
 */
record KilledJvm(Class<?> main, Path log) {
  private static final int PATIENCE_SECONDS = 60;

  /** Something to wait for. */
  @FunctionalInterface
  interface Condition {
    boolean isMet() throws IOException;
  }

  /** Runs it until {@code begun}, and so long after that. It must not end before. */
  void run(Condition begun, Duration after, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!begun.isMet()) {
        assertThat(process.isAlive()).as(this::said).isTrue();
        assertThat(System.nanoTime()).isLessThan(limit);
        Thread.sleep(1);
      }
      Thread.sleep(after);
      assertThat(process.isAlive()).as(this::said).isTrue();
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
