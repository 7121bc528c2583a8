package io.ossmount.bench;

import io.ossmount.bench.hot.HotPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures a mount of the emulator beside the local disk, the SDK and other programs that mount
 * buckets, prints the tables, and writes them into a report.
 */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a mount.")
public final class BenchMain implements Callable<Integer> {
  private static final String HOT_PATHS = "JMH";

  @Option(
      names = "--report",
      description = "Markdown file to write; left as it is when not all is measured.")
  private Path report;

  @Option(names = "--rounds", defaultValue = "5", description = "Interleaved runs of each.")
  private int rounds;

  @Option(names = "--mebibytes", defaultValue = "512", description = "Size of the large object.")
  private int mebibytes;

  @Option(names = "--directory", description = "On the disk to measure; default: a temporary one.")
  private Path directory;

  @Option(
      names = "--only",
      split = ",",
      description =
          "What to measure: ids, or what stands before their hyphen, such as P1,P6-16,P7,JMH;"
              + " default: all.")
  private Set<String> only = Set.of();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "s3fs,rclone",
      description = "Programs to measure beside: ${DEFAULT-VALUE}; or none.")
  private Set<String> peers = Set.of();

  @Option(
      names = "--rclone",
      description = "Its program; default: where bench/peers/install puts it.")
  private Path rclone = installed("rclone");

  @Option(
      names = "--ossmount",
      split = " ",
      paramLabel = "COMMAND",
      description =
          "What starts the cache process, up to its \"mount\", such as that of the image with its"
              + " AOT cache; default: java with this program's class path.")
  private List<String> ossmount = List.of();

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchMain()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path work =
        directory == null
            ? Files.createTempDirectory("ossmount-bench")
            : Files.createDirectories(directory);
    try {
      run(work);
    } finally {
      Machine.deleteTree(work);
    }
    return 0;
  }

  private void run(Path work) throws IOException, InterruptedException {
    Selection selection = new Selection(only);
    String hotPaths = selection.has(HOT_PATHS) ? HotPaths.measure() : "";
    System.out.print(hotPaths);
    if (!only.equals(Set.of(HOT_PATHS))) {
      compare(work, selection, hotPaths);
    }
  }

  private void compare(Path work, Selection selection, String hotPaths)
      throws IOException, InterruptedException {
    Path local = Files.createDirectories(work.resolve("local"));
    Data data = new Data(local, mebibytes);
    data.make(selection.hasAny("P7-flat", "P7-first"));
    try (Bed bed = Bed.start(work, local, new Bed.Mounts(ossmount, wanted(), rclone))) {
      Data.makeMany(bed.oss(), bed.endpoint().bucket());
      String endpoints = new Endpoints(bed, data.largeBytes()).compare(rounds);
      System.out.println(endpoints);
      List<Row> rows = measure(selection, bed, data);
      System.out.print(Table.ofFigures(rows) + "\n" + Table.ofCpuTime(rows));
      if (report != null && selection.isAll()) {
        Report.Setting setting = Report.Setting.now(rounds);
        Files.writeString(
            report, new Report(setting, bed.programs(), endpoints, rows, hotPaths).markdown());
      }
    }
  }

  private static Path installed(String program) {
    String cache = System.getenv("OSSMOUNT_CACHE");
    return (cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "ossmount")
            : Path.of(cache))
        .resolve("bin")
        .resolve(program);
  }

  private Set<Side> wanted() {
    Set<Side> sides = EnumSet.noneOf(Side.class);
    for (Side side : Side.values()) {
      if (side.isPeer() && peers.contains(side.title())) {
        sides.add(side);
      }
    }
    return sides;
  }

  private List<Row> measure(Selection selection, Bed bed, Data data)
      throws IOException, InterruptedException {
    List<Comparison> comparisons = new ArrayList<>(new Comparisons(bed, data).all());
    comparisons.addAll(new WriteComparisons(bed).all());
    comparisons.addAll(new ProcessComparisons(bed).all());
    comparisons.addAll(new NestedComparisons(bed).all());
    List<Row> rows = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      Row.Title title = comparison.title();
      if (selection.has(title.id())) {
        System.out.println("measuring " + title.id() + ": " + title.name());
        long started = System.nanoTime();
        rows.add(comparison.measure(rounds));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
        System.out.println(title.id() + " took " + seconds + " s");
      }
    }
    return rows;
  }
}
