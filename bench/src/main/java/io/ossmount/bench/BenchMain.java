package io.ossmount.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures a mount of the emulator beside the local disk and the SDK, prints the table and writes
 * it into a report.
 */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a mount.")
public final class BenchMain implements Callable<Integer> {
  private static final int SMALL_FILES = 500;
  private static final int SMALL_BYTES = 64 << 10;

  @Option(names = "--report", description = "Markdown file to write.")
  private Path report;

  @Option(names = "--rounds", defaultValue = "5", description = "Interleaved runs of each.")
  private int rounds;

  @Option(names = "--mebibytes", defaultValue = "512", description = "Size of the large object.")
  private int mebibytes;

  @Option(names = "--directory", description = "On the disk to measure; default: a temporary one.")
  private Path directory;

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
    List<String> keys =
        IntStream.range(0, SMALL_FILES).mapToObj(i -> "small/file-%04d".formatted(i)).toList();
    fill(bed, keys);
    long size = (long) mebibytes << 20;
    Path large = bed.mounted().resolve("large.bin");
    Path localLarge = bed.local().resolve("large.bin");
    Path small = bed.mounted().resolve("small");
    Path localSmall = bed.local().resolve("small");
    Work drop =
        () -> {
          Machine.dropCaches();
          return 0;
        };
    Work keep = () -> 0;

    List<Row> rows = new ArrayList<>();
    rows.add(
        run(
            new Comparison(
                "sequential read of " + mebibytes + " MiB, cold",
                "MiB/s",
                bed::coldMount,
                () -> FileWork.read(large),
                Optional.of(() -> FileWork.read(localLarge)),
                Optional.of(() -> bed.sdk().get("large.bin", size)))));
    FileWork.read(large);
    rows.add(
        run(
            new Comparison(
                "the same, warm, kernel cache dropped",
                "MiB/s",
                drop,
                () -> FileWork.read(large),
                Optional.of(() -> FileWork.read(localLarge)),
                Optional.empty())));
    FileWork.read(large);
    FileWork.read(localLarge);
    rows.add(
        run(
            new Comparison(
                "the same, warm, kernel cache kept",
                "MiB/s",
                keep,
                () -> FileWork.read(large),
                Optional.of(() -> FileWork.read(localLarge)),
                Optional.empty())));
    rows.add(
        run(
            new Comparison(
                SMALL_FILES + " files of 64 KiB read, cold",
                "files/s",
                bed::coldMount,
                () -> FileWork.readAll(small, SMALL_BYTES),
                Optional.of(() -> FileWork.readAll(localSmall, SMALL_BYTES)),
                Optional.of(() -> bed.sdk().getEach(keys)))));
    rows.add(
        run(
            new Comparison(
                "the same, warm, kernel cache dropped",
                "files/s",
                drop,
                () -> FileWork.readAll(small, SMALL_BYTES),
                Optional.of(() -> FileWork.readAll(localSmall, SMALL_BYTES)),
                Optional.empty())));
    rows.add(writes(bed));
    return rows;
  }

  private Row writes(Bed bed) throws IOException, InterruptedException {
    byte[] content = random(SMALL_BYTES);
    Path written = bed.mounted().resolve("written");
    Path localWritten = bed.local().resolve("written");
    List<String> keys =
        IntStream.range(0, SMALL_FILES).mapToObj(i -> "written-raw/file-" + i).toList();
    return run(
        new Comparison(
            SMALL_FILES + " files of 64 KiB written, each in OSS when closed",
            "files/s",
            () -> FileWork.clear(written) + FileWork.clear(localWritten),
            () -> FileWork.writeAll(written, SMALL_FILES, content),
            Optional.of(() -> FileWork.writeAll(localWritten, SMALL_FILES, content)),
            Optional.of(() -> bed.sdk().putEach(keys, content))));
  }

  private Row run(Comparison comparison) throws IOException, InterruptedException {
    System.out.println("measuring: " + comparison.name());
    return comparison.measure(rounds);
  }

  private void fill(Bed bed, List<String> keys) throws IOException {
    byte[] chunk = random(1 << 20);
    Path large = bed.local().resolve("large.bin");
    FileWork.write(large, chunk, mebibytes);
    bed.oss().putObject(Bed.BUCKET, "large.bin", large.toFile());
    byte[] content = random(SMALL_BYTES);
    Path small = Files.createDirectories(bed.local().resolve("small"));
    for (String key : keys) {
      bed.oss().putObject(Bed.BUCKET, key, new ByteArrayInputStream(content));
      Files.write(small.resolve(key.substring(key.indexOf('/') + 1)), content);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
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
    same endpoint, four range GETs at once for the large object, one request after another for the small ones. The endpoint is the
    OSS emulator on loopback, so cold figures are bounded by its speed and the machine's cores, which all three share.

    %s\
    """
        .formatted(LocalDate.now(ZoneOffset.UTC), Machine.describe(), rounds, table);
  }
}
