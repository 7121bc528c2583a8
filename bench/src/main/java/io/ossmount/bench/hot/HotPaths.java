package io.ossmount.bench.hot;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of this package by JMH, each for some seconds, and tells what came of it. */
public final class HotPaths {
  private static final int SECONDS_TO_WARM_UP = 2;
  private static final int SECONDS = 5;

  /** Of the profiler's figures, the bytes that one operation allocates. */
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private HotPaths() {}

  /**
   * Runs all.
   *
   * @return a table in Markdown
   */
  public static String measure() {
    Options options =
        new OptionsBuilder()
            .include(HotPaths.class.getPackageName())
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(SECONDS_TO_WARM_UP)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(SECONDS)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .jvmArgs("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx512m")
            .build();
    try {
      return table(new Runner(options).run());
    } catch (RunnerException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String table(Collection<RunResult> results) {
    StringBuilder table =
        new StringBuilder(
            "| benchmark | ns/op | +- | bytes allocated/op |\n| --- | --- | --- | --- |\n");
    List<RunResult> sorted = results.stream().sorted(Comparator.comparing(HotPaths::name)).toList();
    for (RunResult result : sorted) {
      Result<?> time = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %,.0f | %s |\n",
              name(result),
              time.getScore(),
              time.getScoreError(),
              allocated == null ? "-" : String.format(Locale.ROOT, "%,.0f", allocated.getScore())));
    }
    return table.toString();
  }

  private static String name(RunResult result) {
    return result
        .getParams()
        .getBenchmark()
        .replaceFirst("^" + HotPaths.class.getPackageName() + "\\.", "")
        .replace("Benchmark", "");
  }
}
