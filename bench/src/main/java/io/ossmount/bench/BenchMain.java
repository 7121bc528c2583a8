package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures a mount of the emulator beside the local disk and the SDK, prints the table and writes
 * it into a report.
 */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a mount.")
public final class BenchMain implements Callable<Integer> {
  @Option(names = "--report", description = "Markdown file to write.")
  private Path report;

  @Option(names = "--rounds", defaultValue = "5", description = "Interleaved runs of each.")
  private int rounds;

  @Option(names = "--mebibytes", defaultValue = "512", description = "Size of the large object.")
  private int mebibytes;

  @Option(names = "--directory", description = "On the disk to measure; default: a temporary one.")
  private Path directory;

  @Option(names = "--only", split = ",", description = "Ids of what to measure; default: all.")
  private Set<String> only = Set.of();

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
    List<Row> rows;
    try (Bed bed = Bed.start(work)) {
      rows = measure(bed);
    } finally {
      Bed.deleteTree(work);
    }
    String table = table(rows);
    System.out.print(table);
    if (report != null) {
      Files.writeString(report, document(table));
    }
    return 0;
  }

  private List<Row> measure(Bed bed) throws IOException, InterruptedException {
    Data data = new Data(bed, mebibytes);
    data.make();
    List<Row> rows = new ArrayList<>();
    for (Comparison comparison : new Comparisons(bed, data).all()) {
      if (only.isEmpty() || only.contains(comparison.id())) {
        System.out.println("measuring " + comparison.id() + ": " + comparison.name());
        rows.add(comparison.measure(rounds));
      }
    }
    return rows;
  }

  private static String table(List<Row> rows) {
    StringBuilder table = new StringBuilder(Row.HEADER);
    rows.forEach(row -> table.append(row.markdown()));
    return table.toString();
  }

  private String document(String table) throws IOException {
    return """
    # Benchmarks

    Written by `make bench` on %s: %s.

    Each figure is the median of %d interleaved runs (least-most in brackets). Only the ratios count: machines
    differ, and this one is shared. "Local disk" is the file system that holds the cache; "raw SDK" is aliyun-sdk-oss against the
    same endpoint: four range GETs at once for the large object, as many GETs at once for the small ones as the mount has readers. "Cold" is a mount with an empty cache
    whose process has read other files before. The endpoint is the OSS emulator on loopback, so cold figures are bounded by its speed and the machine's cores, which all three share.

    %s\
    """
        .formatted(LocalDate.now(ZoneOffset.UTC), Machine.describe(), rounds, table);
  }
}
