package io.ossmount.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process beside this one, with a log; ended by {@link #close}. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int POLL_MILLIS = 2;

  /** USER_HZ, in which the kernel counts; it is the same on all machines of today. */
  private static final double TICKS_PER_SECOND = 100;

  /** Where {@code /proc/PID/stat} has utime and stime, counted behind the name in brackets. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Child start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Child(builder.start(), log);
  }

  /**
   * What starts one of the product's mains from the jars of this process's class path: a JVM keeps
   * nothing of directories in an AOT cache.
   */
  static List<String> java(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx512m"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", jars(), main.getName()));
    return command;
  }

  private static String jars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Puts words together. */
  static List<String> words(List<String> command, String... arguments) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(arguments));
    return words;
  }

  /** Waits until it is ready; fails with its log when it ends before or takes too long. */
  void await(BooleanSupplier ready) throws IOException, InterruptedException {
    await(ready, PATIENCE);
  }

  void await(BooleanSupplier ready, Duration patience) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("not ready: " + Files.readString(log));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** CPU time of all its threads so far, user and system. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    return ticks / TICKS_PER_SECOND;
  }

  /** Memory that it has in RAM now. */
  double residentMebibytes() throws IOException {
    return status("VmRSS:");
  }

  /** The most that it had since {@link #forgetPeak}. */
  double peakMebibytes() throws IOException {
    return status("VmHWM:");
  }

  void forgetPeak() throws IOException {
    Files.writeString(proc("clear_refs"), "5");
  }

  /** SIGKILL; waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGSTOP: it does nothing until {@link #thaw}. */
  void freeze() throws IOException, InterruptedException {
    Machine.run("kill", "-STOP", Long.toString(process.pid()));
  }

  void thaw() throws IOException, InterruptedException {
    Machine.run("kill", "-CONT", Long.toString(process.pid()));
  }

  private double status(String field) throws IOException {
    return Files.readAllLines(proc("status")).stream()
            .filter(line -> line.startsWith(field))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow(() -> new IOException("no " + field + " of process " + process.pid()))
        / 1024.0;
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
