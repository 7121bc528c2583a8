package io.ossmount.operator.dashboard.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * A plot over time as SVG, with axes, units and what screen readers read, and the values as a table
 * beside it. Pure.
 */
final class Plot {
  private static final double WIDTH = 640;
  private static final double HEIGHT = 220;
  private static final double LEFT = 78;
  private static final double RIGHT = 12;
  private static final double TOP = 12;
  private static final double BOTTOM = 26;
  private static final Duration TICK = Duration.ofMinutes(10);

  private Plot() {}

  /**
   * A line.
   *
   * @param values one for each time; empty: not known, the line has a gap
   */
  record Line(String name, List<OptionalDouble> values) {}

  /**
   * What is plotted.
   *
   * @param id unique on the page
   * @param description what it means, in a sentence
   * @param start of the first value
   * @param step between two values
   * @param least what the axis reaches at least
   * @param format of a value, with its unit
   */
  record Figure(
      String id,
      String title,
      String description,
      Instant start,
      Duration step,
      Scale scale,
      double least,
      DoubleFunction<String> format,
      List<Line> lines) {}

  /** Where the lines of the axis are. */
  enum Scale {
    /** At 1, 2 or 5 times a power of ten. */
    DECIMAL,
    /** At powers of two of B, KiB, MiB ... */
    BINARY,
    /** From 0 to 1, at quarters. */
    SHARE
  }

  /** The plot, its legend with the latest values, and its table. */
  static Markup of(Figure figure) {
    return Markup.of(
        """
        <figure class="plot" aria-labelledby="{}-caption">
        <figcaption id="{}-caption">{}</figcaption>
        {}
        {}
        {}
        </figure>
        """,
        figure.id(),
        figure.id(),
        figure.title(),
        legend(figure),
        svg(figure),
        table(figure));
  }

  private static Markup legend(Figure figure) {
    var items = new ArrayList<Markup>();
    for (int i = 0; i < figure.lines().size(); i++) {
      var line = figure.lines().get(i);
      items.add(
          Markup.of(
              "<li class=\"line{}\"><span class=\"swatch\" aria-hidden=\"true\"></span>{} <b>{}</b></li>",
              i,
              line.name(),
              shown(figure, line.values().getLast())));
    }
    return Markup.of("<ul class=\"legend\">{}</ul>", Markup.all(items));
  }

  private static Markup svg(Figure figure) {
    double tick = tick(figure);
    double top = Math.max(tick, Math.ceil(greatest(figure) / tick - 1e-9) * tick);
    var parts = new ArrayList<Markup>();
    for (int i = 0; i * tick <= top * (1 + 1e-9); i++) {
      parts.add(horizontal(y(i * tick, top), figure.format().apply(i * tick)));
    }
    parts.addAll(times(figure));
    for (int i = 0; i < figure.lines().size(); i++) {
      parts.add(
          Markup.of(
              "<path class=\"stroke line{}\" d=\"{}\"/>", i, path(figure.lines().get(i), top)));
    }
    return Markup.of(
        """
        <svg viewBox="0 0 640 220" role="img" aria-labelledby="{}-svg-title {}-svg-desc">
        <title id="{}-svg-title">{}</title>
        <desc id="{}-svg-desc">{} {}</desc>
        {}
        </svg>
        """,
        figure.id(),
        figure.id(),
        figure.id(),
        figure.title(),
        figure.id(),
        figure.description(),
        summary(figure),
        Markup.all(parts));
  }

  private static Markup horizontal(double y, String label) {
    return Markup.of(
        "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>"
            + "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
        number(LEFT),
        number(WIDTH - RIGHT),
        number(y),
        number(y),
        number(LEFT - 8),
        number(y + 4),
        label);
  }

  /** Whole tens of minutes, and their names below. */
  private static List<Markup> times(Figure figure) {
    var marks = new ArrayList<Markup>();
    long start = figure.start().toEpochMilli();
    int count = figure.lines().getFirst().values().size();
    long end = start + (count - 1) * figure.step().toMillis();
    long tick = TICK.toMillis();
    for (long at = Math.ceilDiv(start, tick) * tick; at <= end; at += tick) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * (at - start) / Math.max(1, end - start);
      marks.add(
          Markup.of(
              "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
              number(Math.clamp(x, LEFT, WIDTH - 18)),
              number(HEIGHT - 8),
              Format.clock(Instant.ofEpochMilli(at))));
    }
    return marks;
  }

  private static String path(Line line, double top) {
    var path = new StringBuilder();
    var values = line.values();
    boolean isDown = false;
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).isEmpty()) {
        isDown = false;
        continue;
      }
      double x = LEFT + (WIDTH - LEFT - RIGHT) * i / Math.max(1, values.size() - 1);
      double y = y(values.get(i).getAsDouble(), top);
      path.append(isDown ? 'L' : 'M').append(number(x)).append(' ').append(number(y));
      boolean isAlone = !isDown && (i + 1 == values.size() || values.get(i + 1).isEmpty());
      if (isAlone) {
        // A line of no length, which round ends show as a point.
        path.append('h').append("0.01");
      }
      isDown = true;
    }
    return path.toString();
  }

  private static double y(double value, double top) {
    double part = top == 0 ? 0 : Math.clamp(value / top, 0, 1);
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - part);
  }

  private static double greatest(Figure figure) {
    return figure.lines().stream()
        .flatMap(line -> line.values().stream())
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .filter(Double::isFinite)
        .reduce(figure.least(), Math::max);
  }

  /** Between two lines of the axis: of the nice distances, the least that makes four or fewer. */
  private static double tick(Figure figure) {
    double wanted = greatest(figure) / 4;
    return switch (figure.scale()) {
      case SHARE -> 0.25;
      case BINARY -> {
        double tick = 1;
        while (tick < wanted) {
          tick *= 2;
        }
        yield tick;
      }
      case DECIMAL -> {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(wanted, 1e-9))));
        double in = wanted / power;
        yield power * (in <= 1 ? 1 : in <= 2 ? 2 : in <= 5 ? 5 : 10);
      }
    };
  }

  private static String summary(Figure figure) {
    var words = new StringBuilder();
    for (var line : figure.lines()) {
      var known = line.values().stream().filter(OptionalDouble::isPresent).toList();
      var most = known.stream().mapToDouble(OptionalDouble::getAsDouble).max();
      words
          .append(line.name())
          .append(": now ")
          .append(shown(figure, line.values().getLast()))
          .append(", at most ")
          .append(shown(figure, most))
          .append(". ");
    }
    return words.toString().strip();
  }

  private static Markup table(Figure figure) {
    var columns = new ArrayList<Tables.Column>();
    columns.add(Tables.Column.text("Time"));
    figure.lines().forEach(line -> columns.add(Tables.Column.number(line.name())));
    var rows = new ArrayList<List<Markup>>();
    int count = figure.lines().getFirst().values().size();
    for (int i = count - 1; i >= 0; i--) {
      var row = new ArrayList<Markup>();
      row.add(Markup.text(Format.clock(figure.start().plus(figure.step().multipliedBy(i)))));
      for (var line : figure.lines()) {
        row.add(Markup.text(shown(figure, line.values().get(i))));
      }
      rows.add(row);
    }
    return Markup.of(
        "<details><summary>Values</summary>{}</details>",
        Tables.grid(figure.title() + ", values", columns, rows));
  }

  private static String shown(Figure figure, OptionalDouble value) {
    return value.isPresent() ? figure.format().apply(value.getAsDouble()) : Format.NOTHING;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
