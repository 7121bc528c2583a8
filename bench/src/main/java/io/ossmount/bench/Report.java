package io.ossmount.bench;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The document that a whole run leaves.
 *
 * @param setting where and when it was made
 * @param programs that were mounted
 * @param endpoints that both protocols are served alike
 * @param rows in their order
 * @param hotPaths table of what is done for each request
 */
record Report(
    Setting setting,
    Collection<Program> programs,
    String endpoints,
    List<Row> rows,
    String hotPaths) {
  Report {
    programs = List.copyOf(programs);
    rows = List.copyOf(rows);
  }

  /**
   * Circumstances of a run.
   *
   * @param date of its end
   * @param machine in a few words
   * @param rounds of each comparison
   */
  record Setting(LocalDate date, String machine, int rounds) {
    static Setting now(int rounds) throws IOException {
      return new Setting(LocalDate.now(ZoneOffset.UTC), Machine.describe(), rounds);
    }
  }

  String markdown() {
    return """
    # Benchmarks

    Written by `make bench` on %s.

    * Machine: %s.
    * Versions: %s.

    Each figure is the median of %d runs (least-most in brackets; fewer runs where each takes long). The sides take turns within a
    round. Only the ratios count: machines differ, and this one is shared. A ratio says how many times as good OssMount is, also where less is better.
    "Local disk" is the file system that holds the caches; "raw SDK" is aliyun-sdk-oss against the same endpoint: four range GETs (or parts of an
    upload) at once for a large object, as many requests at once for small ones as the mount has readers or writers, LISTs of 1,000 keys for listings.
    "Cold" is a mount with an empty cache whose process has read and listed other files before; OssMount's JVM has an AOT cache, as in the cache pod's image. The endpoint is the OSS emulator on loopback, so cold figures are bounded
    by its speed and the machine's cores, which all sides share. A write ends when the bucket has it: for OssMount and s3fs that is when `close` returns, rclone
    uploads after it. s3fs and rclone speak S3 to the same emulator: the same code answers them.
    In P14 the process serves as in a cache pod, and the bench has the place of the node plugin, without passthrough. OSS does not answer until the process is
    killed; then 50 cold and 50 warm files are read to their ends. An error that the reader sees ends the run, without a figure.
    %s

    %s
    ## CPU time

    Seconds, user and system, that the process of each mount took for one run of the above: medians.

    %s
    ## Below the kernel

    What is done for each request in this process, by itself, on one thread (JMH, average time). "Protocol" decodes requests and
    encodes answers for a file system that does nothing; "BlockCache" reads what is in the cache's file; "Mount" is the whole way of a request to a mount
    that knows and has what it asks for.

    %s
    ## Settings

    The commands that mounted the bucket:

    ```
    %s
    ```
    """
        .formatted(
            setting.date(),
            setting.machine(),
            versions(),
            setting.rounds(),
            endpoints,
            Table.ofFigures(rows),
            Table.ofCpuTime(rows),
            hotPaths,
            programs.stream().map(Report::command).collect(Collectors.joining("\n")));
  }

  private String versions() {
    return Stream.concat(programs.stream().map(Program::version), Versions.others().stream())
        .collect(Collectors.joining("; "));
  }

  /** The words, without the class path, which is long and says nothing. */
  private static String command(Program program) {
    String classPath = System.getProperty("java.class.path");
    return program.command().stream()
        .map(word -> word.equals(classPath) ? "..." : word)
        .collect(Collectors.joining(" "));
  }
}
