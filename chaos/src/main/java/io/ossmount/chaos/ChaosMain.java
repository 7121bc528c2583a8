package io.ossmount.chaos;

import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.node.Place;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does faults to a node of plain processes while workloads run, and prints what they saw. Ends with
 * 1 when that is not allowed, with 2 when the harness itself failed.
 */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = "Faults on plain processes while checksummed workloads run.")
public final class ChaosMain implements Callable<Integer> {
  private static final int NOT_ALLOWED = 1;
  private static final int BROKEN = 2;

  @Option(
      names = "--seed",
      description = "Of the schedule, the files and the workloads; default: a new one.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--only",
      split = ",",
      description = "Faults, such as kill-server,oss-away; default: all.")
  private List<String> only = List.of();

  @Option(names = "--times", description = "How often each; default: 3.")
  private Optional<Integer> times = Optional.empty();

  @Option(names = "--short", description = "Each fault once and none mixed, for CI.")
  private boolean isShort;

  @Option(
      names = "--workloads",
      split = ",",
      description = "Some of them, such as random,fsync, or readers; default: all.")
  private List<String> workloads = List.of();

  @Option(names = "--logs", required = true, description = "Directory for the processes' logs.")
  private Path logs;

  @Option(
      names = "--report",
      description = "Markdown file whose section on faults on plain processes is written anew.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--plant",
      split = ",",
      description = "An error to be found: ${COMPLETION-CANDIDATES}.")
  private List<Plant> plant = List.of();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-chaos.xml");
    System.exit(
        new CommandLine(new ChaosMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((e, _, _) -> {
              System.err.println("the harness failed: " + e);
              e.printStackTrace();
              return BROKEN;
            })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var number = seed.orElseGet(() -> System.nanoTime() & Integer.MAX_VALUE);
    var schedule =
        Schedule.of(number, faults(), times.orElse(isShort ? 1 : 3), !isShort && only.isEmpty());
    System.out.println("seed " + number + ", " + schedule.injections().size() + " faults");
    var place =
        new Place(
            Files.createTempDirectory("ossmount-chaos"),
            logs.toAbsolutePath(),
            Optional.of(logs.toAbsolutePath().resolveSibling("chaos-aot")));
    var cleanup = new Cleanup();
    var hook = Thread.ofPlatform().unstarted(cleanup::close);
    Runtime.getRuntime().addShutdownHook(hook);
    Results results;
    try (cleanup) {
      results = new Chaos(number, schedule, works(), plant).run(place, cleanup);
    }
    var printed = new Report(results);
    System.out.println("\n" + printed.table());
    System.out.println(printed.byWorkload());
    System.out.println(printed.inFlight());
    System.out.println(printed.violations());
    if (report.isPresent()) {
      new Section("Faults on plain processes")
          .write(report.get(), printed.section(Setting.now(number, command(number))));
    }
    return results.violations().isEmpty() ? 0 : NOT_ALLOWED;
  }

  /** What repeats this run. */
  private String command(long number) {
    return "make chaos SEED="
        + number
        + (only.isEmpty() ? "" : " ONLY=" + String.join(",", only))
        + times.map(count -> " TIMES=" + count).orElse("")
        + (isShort ? " SHORT=1" : "")
        + (workloads.isEmpty() ? "" : " CHAOS='--workloads " + String.join(",", workloads) + "'");
  }

  private List<FaultKind> faults() {
    return only.isEmpty()
        ? List.of(FaultKind.values())
        : only.stream().map(FaultKind::titled).toList();
  }

  private List<WorkKind> works() {
    return workloads.isEmpty()
        ? Arrays.asList(WorkKind.values())
        : workloads.equals(List.of("readers"))
            ? WorkKind.readers()
            : workloads.stream().map(WorkKind::titled).toList();
  }
}
