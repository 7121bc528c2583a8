package io.ossmount.chaos;

import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.chaos.cluster.ClusterFault;
import io.ossmount.chaos.cluster.ClusterScene;
import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Place;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does faults to a node of plain processes, or to the local cluster, while workloads run, and
 * prints what they saw. Ends with 1 when that is not allowed, with 2 when the harness itself
 * failed.
 */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description =
        "Faults on plain processes or on the local cluster while checksummed workloads run.")
public final class ChaosMain implements Callable<Integer> {
  private static final int NOT_ALLOWED = 1;
  private static final int BROKEN = 2;

  /** Of {@code serve}: the kernel is as one before Linux 6.9, without FUSE_HAS_RESEND. */
  private static final Map<String, String> WITHOUT_RESEND =
      Map.of("OSSMOUNT_UNWANTED_FUSE_FLAGS", "0x8000000000");

  /** Where it happens. */
  enum On {
    PROCESSES,
    CLUSTER
  }

  @Option(names = "--on", description = "${COMPLETION-CANDIDATES}; default: processes.")
  private On on = On.PROCESSES;

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

  @Option(names = "--short", description = "Each fault once, and none mixed or long, for CI.")
  private boolean isShort;

  @Option(
      names = "--workloads",
      split = ",",
      description = "Some of them, such as random,fsync, or readers; default: all.")
  private List<String> workloads = List.of();

  @Option(
      names = "--write-mode",
      description = "Of the OssMount: ${COMPLETION-CANDIDATES}; default: Through.")
  private WriteMode writeMode = WriteMode.Through;

  @Option(
      names = "--without-resend",
      description = "The kernel cannot send again what it waits for; on processes only.")
  private boolean isWithoutResend;

  @Option(names = "--logs", required = true, description = "Directory for the processes' logs.")
  private Path logs;

  @Option(
      names = "--report",
      description = "Markdown file whose section on these faults is written anew.")
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
    var work = Files.createTempDirectory("ossmount-chaos");
    var results =
        switch (on) {
          case PROCESSES -> run(number, NodeFault.values(), openingOfProcesses(work));
          case CLUSTER -> run(number, ClusterFault.values(), openingOfCluster(work));
        };
    FaultKind<?>[] all = on == On.PROCESSES ? NodeFault.values() : ClusterFault.values();
    var printed = new Report(results, Permitted.byRow(all, works()));
    System.out.println("\n" + printed.table());
    System.out.println(printed.byWorkload());
    System.out.println(printed.inFlight());
    System.out.println(printed.violations());
    if (report.isPresent()) {
      var setting = Setting.now(number, command(number));
      new Section(heading()).write(report.get(), printed.section(setting, where()));
    }
    return results.violations().isEmpty() ? 0 : NOT_ALLOWED;
  }

  private <S extends Scene> Results run(
      long number, FaultKind<S>[] all, Chaos.Opening<? extends S> opening)
      throws IOException, InterruptedException {
    var kinds =
        only.isEmpty()
            ? Arrays.stream(all)
                .filter(kind -> !isShort || kind.fault(Form.SHORT).isShort())
                .toList()
            : only.stream().map(title -> FaultKind.titled(all, title)).toList();
    var schedule =
        Schedule.of(number, kinds, times.orElse(isShort ? 1 : 3), !isShort && only.isEmpty());
    System.out.println("seed " + number + ", " + schedule.injections().size() + " faults");
    var cleanup = new Cleanup();
    var hook = Thread.ofPlatform().unstarted(cleanup::close);
    Runtime.getRuntime().addShutdownHook(hook);
    try (cleanup) {
      return new Chaos<>(
              number, schedule, isShort ? Form.SHORT : Form.FULL, works(), plant, patience())
          .run(opening, logs.toAbsolutePath(), cleanup);
    }
  }

  private Chaos.Opening<NodeProcesses> openingOfProcesses(Path work) {
    var place =
        new Place(
            work,
            logs.toAbsolutePath(),
            Optional.of(logs.toAbsolutePath().resolveSibling("chaos-aot")));
    var settings =
        new NodeProcesses.Settings(
            writeMode, isWithoutResend ? WITHOUT_RESEND : Map.<String, String>of());
    return (data, cleanup) -> {
      cleanup.keep(() -> NodeProcesses.sweep(place));
      return cleanup.keep(NodeProcesses.start(place, data, settings));
    };
  }

  private Chaos.Opening<ClusterScene> openingOfCluster(Path work) {
    if (isWithoutResend) {
      throw new IllegalArgumentException("--without-resend is for plain processes");
    }
    var root = Path.of("").toAbsolutePath();
    return (data, cleanup) ->
        cleanup.keep(ClusterScene.start(root, work, logs.toAbsolutePath(), data, writeMode));
  }

  private String heading() {
    return (on == On.PROCESSES ? "Faults on plain processes" : "Faults on a cluster")
        + (writeMode == WriteMode.Through ? "" : ", write mode " + writeMode);
  }

  private Patience patience() {
    return writeMode == WriteMode.Through ? Patience.USUAL : Patience.OF_PROMISES;
  }

  private String where() {
    return switch (on) {
      case PROCESSES ->
          """
          The OSS emulator, the node plugin and the server run as processes of one machine, the server with the rights that it has in a cache
          pod, started again at once when it ends; a volume is published as kubelet does it.
          """;
      case CLUSTER ->
          """
          Kubernetes with two nodes on one machine, OssMount as its chart installs it, the OSS emulator as a process of the machine, and the
          workloads in pods of one node.
          """;
    };
  }

  /** What repeats this run. */
  private String command(long number) {
    return "make chaos"
        + (on == On.CLUSTER ? " ON=cluster" : "")
        + " SEED="
        + number
        + (only.isEmpty() ? "" : " ONLY=" + String.join(",", only))
        + times.map(count -> " TIMES=" + count).orElse("")
        + (isShort ? " SHORT=1" : "")
        + (others().isEmpty() ? "" : " CHAOS='" + String.join(" ", others()) + "'");
  }

  /** Options that {@code make chaos} has no variable for. */
  private List<String> others() {
    var others = new ArrayList<String>();
    if (!workloads.isEmpty()) {
      others.add("--workloads " + String.join(",", workloads));
    }
    if (writeMode != WriteMode.Through) {
      others.add("--write-mode " + writeMode);
    }
    if (isWithoutResend) {
      others.add("--without-resend");
    }
    return others;
  }

  private List<WorkKind> works() {
    return workloads.isEmpty()
        ? Arrays.asList(WorkKind.values())
        : workloads.equals(List.of("readers"))
            ? WorkKind.readers()
            : workloads.stream().map(WorkKind::titled).toList();
  }
}
