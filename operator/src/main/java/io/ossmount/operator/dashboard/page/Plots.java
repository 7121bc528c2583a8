package io.ossmount.operator.dashboard.page;

import io.ossmount.operator.dashboard.history.Sample;
import io.ossmount.operator.dashboard.page.Plot.Figure;
import io.ossmount.operator.dashboard.page.Plot.Line;
import io.ossmount.operator.dashboard.page.Plot.Scale;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The last hour of a mount. Pure. */
final class Plots {
  private static final double KIBIBYTE = 1024;

  private Plots() {}

  /**
   * Plots of samples with the same time between two of them, oldest first, two at least.
   *
   * @param since when something was first known; null: nothing is
   */
  static Markup of(List<Sample> past, @Nullable Instant since) {
    return Tables.section(
        "traffic",
        "The last hour",
        Markup.of(
            "{}<div class=\"plots\">{}</div>",
            beginning(past.getFirst().start(), since),
            Markup.all(
                List.of(
                    Plot.of(read(past)),
                    Plot.of(store(past)),
                    Plot.of(ratio(past)),
                    Plot.of(latency(past))))));
  }

  /** What is not known shows as nothing, and would be taken for it. */
  private static Markup beginning(Instant first, @Nullable Instant since) {
    if (since == null) {
      return note("No cache pod has told its figures since this operator began.");
    }
    return since.isAfter(first)
        ? note(
            "Known since %s UTC: this operator, or the first cache pod, began then."
                .formatted(Format.clock(since)))
        : Markup.NONE;
  }

  private static Markup note(String text) {
    return Markup.of("<p class=\"sub\">{}</p>", text);
  }

  private static Figure read(List<Sample> past) {
    return figure(
        past,
        new Words(
            "read",
            "Read by applications",
            "Bytes per second that applications got from the cache pods. What kernels read"
                + " themselves is not in it."),
        Scale.BINARY,
        KIBIBYTE,
        Format::rate,
        List.of(
            line("from the cache", past, Sample::hit), line("waited for OSS", past, Sample::miss)));
  }

  private static Figure store(List<Sample> past) {
    return figure(
        past,
        new Words("store", "To and from OSS", "Bytes of objects per second."),
        Scale.BINARY,
        KIBIBYTE,
        Format::rate,
        List.of(line("fetched", past, Sample::fetched), line("uploaded", past, Sample::uploaded)));
  }

  private static Figure ratio(List<Sample> past) {
    return figure(
        past,
        new Words(
            "hits",
            "Hit ratio",
            "The share of the bytes read that the cache had. Gaps: nothing was read."),
        Scale.SHARE,
        1,
        Format::percent,
        List.of(optional("from the cache", past, Sample::hitRatio)));
  }

  private static Figure latency(List<Sample> past) {
    return figure(
        past,
        new Words(
            "latency",
            "Latency of OSS",
            "Time until OSS began to answer. Of 100 requests, 99 were answered sooner than p99,"
                + " which is known within a factor of two. Gaps: nothing was asked."),
        Scale.DECIMAL,
        1,
        Format::millis,
        List.of(
            optional("mean", past, Sample::meanMillis), optional("p99", past, Sample::p99Millis)));
  }

  private record Words(String id, String title, String description) {}

  private static Figure figure(
      List<Sample> past,
      Words words,
      Scale scale,
      double least,
      DoubleFunction<String> format,
      List<Line> lines) {
    Instant start = past.getFirst().start();
    return new Figure(
        words.id(),
        words.title(),
        words.description(),
        start,
        Duration.between(start, past.get(1).start()),
        scale,
        least,
        format,
        lines);
  }

  private static Line line(String name, List<Sample> past, ToDoubleFunction<Sample> value) {
    return optional(name, past, sample -> OptionalDouble.of(value.applyAsDouble(sample)));
  }

  private static Line optional(
      String name, List<Sample> past, Function<Sample, OptionalDouble> value) {
    return new Line(name, past.stream().map(value).toList());
  }
}
